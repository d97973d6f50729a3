// Only a connection that lived longer than `stableMs` is a good one: one that ends exactly then leaves the limit where it was.
// Fails: a connection of exactly stableMs was a good one
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: Read again which connections are good. What does your comparison say when both sides are equal?
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
      if (openedAt !== undefined && now() - openedAt > stableMs) attempts = 0;
      openedAt = undefined;
    },
  };
}
