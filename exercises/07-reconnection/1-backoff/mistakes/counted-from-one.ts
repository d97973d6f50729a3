// The first wait has doubled already: users wait twice as long as they need to after a short break.
// Fails: the limit doubles from one second to thirty, and a wait is the random part of it
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: How often has the limit doubled before the first wait?
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
      attempts += 1;
      const limitMs = Math.min(maxMs, baseMs * 2 ** attempts);
      return random() * limitMs;
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
