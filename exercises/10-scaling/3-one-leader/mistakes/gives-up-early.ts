// When the store fails once, the leader stops leading: nobody delivers anything until its lease is over.
// Fails: a store that fails ends no lease early, and makes none longer
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: A failure says nothing. What was true before it?
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
        if (isReleased) return;
        const leads = renewed || (await store.setIfAbsent(key, node, leaseMs));
        if (isReleased) return;
        leadsUntil = leads ? until : 0;
      } catch {
        leadsUntil = 0;
      }
    },

    async release() {
      isReleased = true;
      leadsUntil = 0;
      await store.deleteIf(key, node).catch(() => {});
    },
  };
}
