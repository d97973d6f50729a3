// Half of the wait is fixed, and only the other half is random: everybody is away at first, and then they come in half of the time.
// Fails: a wait can be anything between nothing and the limit
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: Full jitter begins at nothing. What is the shortest wait that your formula can give?
import type { BackoffSettings } from "../exercise.ts";

export function createBackoff({
  baseMs = 250,
  maxMs = 30_000,
  stableMs = 10_000,
  random = Math.random,
  now = Date.now,
}: BackoffSettings = {}) {
  let attempts = 0;
  let openedAt: number | undefined;
  return {
    next(): number {
      const limitMs = Math.min(maxMs, baseMs * 2 ** attempts);
      attempts += 1;
      return limitMs / 2 + (random() * limitMs) / 2;
    },

    opened(): void {
      openedAt = now();
    },

    closed(): void {
      if (openedAt !== undefined && now() - openedAt >= stableMs) attempts = 0;
      openedAt = undefined;
    },
  };
}
