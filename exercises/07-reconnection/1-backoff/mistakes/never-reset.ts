// The limit never begins anew: whoever has had a bad morning waits half a minute after each short break of the afternoon.
// Fails: after a stable connection the limit begins anew
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: A connection that was stable says that the trouble is over. Who says it to the counter?
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
      if (openedAt !== undefined && now() - openedAt < stableMs) return;
      openedAt = undefined;
    },
  };
}
