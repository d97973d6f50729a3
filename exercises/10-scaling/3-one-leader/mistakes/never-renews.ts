// The lease is claimed and never renewed: nobody leads in between, and the leader changes all the time.
// Fails: who takes its turns goes on leading
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: A node that has the lease cannot claim it again. What can it do?
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
        const leads = await store.setIfAbsent(key, node, leaseMs);
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
