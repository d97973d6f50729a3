// Only somebody who comes back makes the limiter forget: those who come once, from ever new addresses, are remembered for ever.
// Fails: who was there once is forgotten
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Memory grows with each address that is new. Who looks for windows that are over when such a one comes?
import type { LimiterOptions } from "../exercise.ts";

interface Window {
  readonly startedAt: number;
  count: number;
}

export function createLimiter({ limit, windowMs, now }: LimiterOptions) {
  const windows = new Map<string, Window>();

  const isOver = ({ startedAt }: Window) => now() - startedAt >= windowMs;

  return {
    allow(address: string): boolean {
      const known = windows.get(address);
      if (known && isOver(known)) {
        for (const [each, window] of windows) {
          if (isOver(window)) windows.delete(each);
        }
      }
      const window = windows.get(address);
      if (!window) {
        windows.set(address, { startedAt: now(), count: 1 });
        return true;
      }
      if (window.count >= limit) return false;
      window.count += 1;
      return true;
    },

    get size(): number {
      return windows.size;
    },
  };
}
