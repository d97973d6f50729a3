// When the store fails, so does turn(): a timer that called it ends the whole process.
// Fails: a store that fails ends no lease early, and makes none longer
// Lesson: chapters/10-scaling/README.md#build-it
// Hint: Nobody awaits what a timer calls. Who handles its error?
import type { Leader, LeaderOptions } from "../exercise.ts";

export function createLeader({ store, key, node, leaseMs, now }: LeaderOptions): Leader {
  let leadsUntil = 0;
  let isReleased = false;

  return {
    isLeader: () => now() < leadsUntil,

    async turn() {
      if (isReleased) return;
      const until = now() + leaseMs;
      const renewed = await store.extendIf(key, node, leaseMs);
      if (isReleased) return;
      const leads = renewed || (await store.setIfAbsent(key, node, leaseMs));
      if (isReleased) return;
      leadsUntil = leads ? until : 0;
    },

    async release() {
      isReleased = true;
      leadsUntil = 0;
      await store.deleteIf(key, node).catch(() => {});
    },
  };
}
