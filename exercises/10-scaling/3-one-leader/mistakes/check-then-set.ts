// The store is asked whether the lease is free, and then told to take it: two nodes that ask at the same moment both lead.
// Fails: of two who ask at the same moment one leads
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: Between two operations anything can happen. Is there one that does both?
import type { Leader, LeaderOptions } from "../exercise.ts";

export function createLeader({ store, key, node, leaseMs, now }: LeaderOptions): Leader {
  let leadsUntil = 0;
  let isReleased = false;

  async function claim(): Promise<boolean> {
    if ((await store.get(key)) !== undefined) return false;
    await store.set(key, node, leaseMs);
    return true;
  }

  return {
    isLeader: () => now() < leadsUntil,

    async turn() {
      if (isReleased) return;
      const until = now() + leaseMs;
      try {
        const renewed = await store.extendIf(key, node, leaseMs);
        if (isReleased) return;
        const leads = renewed || (await claim());
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
