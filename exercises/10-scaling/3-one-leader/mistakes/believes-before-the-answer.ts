// The lease counts as renewed when it was asked for: if the store fails, the node goes on leading, and another one begins.
// Fails: a store that fails ends no lease early, and makes none longer
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: To ask is not to get. When is a lease renewed?
import type { Leader, LeaderOptions } from "../exercise.ts";

export function createLeader({ store, key, node, leaseMs, now }: LeaderOptions): Leader {
  let leadsUntil = 0;
  let isReleased = false;

  return {
    isLeader: () => now() < leadsUntil,

    async turn() {
      if (isReleased) return;
      const until = now() + leaseMs;
      if (now() < leadsUntil) leadsUntil = until;
      try {
        const renewed = await store.extendIf(key, node, leaseMs);
        if (isReleased) return;
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
