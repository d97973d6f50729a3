// A node takes itself for the leader until it has asked: after each start there are two for a moment.
// Fails: of two who ask at the same moment one leads
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: What does a node know that has not asked yet?
import type { Leader, LeaderOptions } from "../exercise.ts";

export function createLeader({ store, key, node, leaseMs, now }: LeaderOptions): Leader {
  let leadsUntil = now() + leaseMs;
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
      await store.deleteIf(key, node).catch(() => {});
    },
  };
}
