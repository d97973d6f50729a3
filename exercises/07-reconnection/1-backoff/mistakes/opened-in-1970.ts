// An attempt that never opened is taken for the end of a good connection: while the server is away, the limit begins anew with each failure.
// Fails: attempts that fail before there was any connection are counted
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: What does `openedAt` say when nothing is open, and how long ago was that?
import type { BackoffSettings } from "../exercise.ts";

export function createBackoff({
  baseMs = 250,
  maxMs = 30_000,
  stableMs = 10_000,
  random = Math.random,
  now = Date.now,
}: BackoffSettings = {}) {
  let attempts = 0;
  let openedAt = 0;
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
      if (now() - openedAt >= stableMs) attempts = 0;
    },
  };
}
