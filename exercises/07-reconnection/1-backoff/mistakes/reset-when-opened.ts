// A connection that opens makes the limit begin anew, however soon it ends: a server that accepts everybody and falls over is asked again at once, by everybody.
// Fails: a connection that opens and ends early changes nothing, then or later
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: What does an open connection prove, and what does one that has lived for ten seconds prove?
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
      attempts = 0;
    },

    closed(): void {
      if (openedAt !== undefined && now() - openedAt >= stableMs) attempts = 0;
      openedAt = undefined;
    },
  };
}
