// The lease is counted from the answer: if that was slow, the node believes in it longer than the store does.
// Fails: a slow answer makes no lease longer
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: The store counts from when it is asked. Where is that in your function, at the earliest?
import type { Leader, LeaderOptions } from "../exercise.ts";

export function createLeader({ store, key, node, leaseMs, now }: LeaderOptions): Leader {
  let leadsUntil = 0;
  let isReleased = false;

  return {
    isLeader: () => now() < leadsUntil,

    async turn() {
      if (isReleased) return;
      try {
        const renewed = await store.extendIf(key, node, leaseMs);
        if (isReleased) return;
        const leads = renewed || (await store.setIfAbsent(key, node, leaseMs));
        if (isReleased) return;
        leadsUntil = leads ? now() + leaseMs : 0;
      } catch {}
    },

    async release() {
      isReleased = true;
      leadsUntil = 0;
      await store.deleteIf(key, node).catch(() => {});
    },
  };
}
