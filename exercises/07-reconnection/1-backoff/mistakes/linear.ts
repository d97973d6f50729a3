// The limit grows by the same amount each time: a server that is away for long is asked far too often.
// Fails: the limit doubles from one second to thirty, and a wait is the random part of it
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: The limit has to double: one, two, four, eight.
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
      const limitMs = Math.min(maxMs, baseMs * (attempts + 1));
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
