// release() deletes the lease without asking whose it is: a third node leads at once, beside the one that had it.
// Fails: a frozen leader that goes on takes nothing from the one that follows it
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: The lease may be another node's by now. Which operation looks before it deletes?
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
      leadsUntil = 0;
      await store.delete(key).catch(() => {});
    },
  };
}
