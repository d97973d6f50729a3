// The time of the last good connection is kept: each attempt that fails after it counts as its end, and the limit begins anew every time.
// Fails: attempts that fail after a stable connection are counted
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: `closed` comes for attempts that have never opened, too. Which connection does it look at then?
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
      return random() * limitMs;
    },

    opened(): void {
      openedAt = now();
    },

    closed(): void {
      if (openedAt !== undefined && now() - openedAt >= stableMs) attempts = 0;
    },
  };
}
