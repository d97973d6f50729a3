// The random number comes first and the upper limit after it: of those who wait long, most wait for exactly the limit, and come together.
// Fails: clients that wait long do not wait equally long
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: After ten doublings, what does `Math.min` do with nearly every number that was drawn?
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
      const waitMs = Math.min(maxMs, random() * baseMs * 2 ** attempts);
      attempts += 1;
      return waitMs;
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
