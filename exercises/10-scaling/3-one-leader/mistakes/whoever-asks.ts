// Whoever asks gets the lease, whoever has it: the nodes take it from one another, and everything is delivered twice.
// Fails: of two who ask at the same moment one leads
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: Which operation of the store says no when somebody is there already?
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
        await store.set(key, node, leaseMs);
        if (isReleased) return;
        const leads = true;
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
