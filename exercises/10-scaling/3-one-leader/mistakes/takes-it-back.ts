// A node that has led renews by writing its name into the store: after a freeze it takes the lease from the one that follows.
// Fails: a frozen leader that goes on takes nothing from the one that follows it
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: What was this node's may be another's by now. Who can tell, and change it in the same step?
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
        const renewed = leadsUntil > 0;
        if (renewed) await store.set(key, node, leaseMs);
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
