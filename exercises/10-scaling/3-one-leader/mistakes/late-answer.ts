// An answer that comes after the release makes the node lead again, while another one already has the lease.
// Fails: whoever has released the lease never comes back
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: What may have happened while the store was asked?
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
        if (isReleased && !renewed) return;
        const leads = renewed || (await store.setIfAbsent(key, node, leaseMs));
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
