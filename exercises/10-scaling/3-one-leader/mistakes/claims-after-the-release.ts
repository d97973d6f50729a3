// A turn that waits for its first answer goes on after the release and claims the lease: nobody leads until it ends.
// Fails: a turn that has begun before the release claims nothing after it
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: There can be two questions in a turn. What may have happened between them?
import type { Leader, LeaderOptions } from "../exercise.ts";

export function createLeader({ store, key, node, leaseMs, now }: LeaderOptions): Leader {
  let leadsUntil = 0;
  let isReleased = false;

  return {
    isLeader: () => now() < leadsUntil,

    async turn() {
      if (isReleased) return;
      const until = now() + leaseMs;
      try {
        const renewed = await store.extendIf(key, node, leaseMs);
        const leads = renewed || (await store.setIfAbsent(key, node, leaseMs));
        if (isReleased) return;
        leadsUntil = leads ? until : 0;
      } catch {}
    },

    async release() {
      isReleased = true;
      leadsUntil = 0;
      await store.deleteIf(key, node).catch(() => {});
    },
  };
}
