// The limit is waited for in full, and something random added to it: users wait longer than the limit allows, and close together.
// Fails: a wait can be anything between nothing and the limit
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: The randomness is not an extra. It decides about the whole wait.
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
      return limitMs + random() * baseMs;
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
