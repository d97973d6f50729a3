// The limit doubles by shifting bits: after some twenty attempts it is negative, and the client asks the server without any pause.
// Fails: the limit stays where it is, also after a thousand attempts
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: `<<` counts in 32 bits, with a sign. What is 1000 << 22?
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
      const limitMs = Math.min(maxMs, baseMs << attempts);
      attempts += 1;
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
