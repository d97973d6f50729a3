// release() lets the node lead until the store has answered: another one may have begun by then.
// Fails: whoever has released the lease never comes back
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: From which moment on may another node have the lease?
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
      } catch {}
    },

    async release() {
      isReleased = true;
      await store.deleteIf(key, node).catch(() => {});
      leadsUntil = 0;
    },
  };
}
