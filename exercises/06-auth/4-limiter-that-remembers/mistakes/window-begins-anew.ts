// A window begins anew with each request: somebody who comes now and then, and never too often, is refused in the end.
// Fails: a window lasts its whole time, also when there was one before
// Lesson: chapters/06-auth/README.md#build-it
// Hint: A window is counted from the first request in it. What moves that moment in your code?
import type { LimiterOptions } from "../exercise.ts";

interface Window {
  startedAt: number;
  count: number;
}

export function createLimiter({ limit, windowMs, now }: LimiterOptions) {
  const windows = new Map<string, Window>();

  const isOver = ({ startedAt }: Window) => now() - startedAt >= windowMs;

  return {
    allow(address: string): boolean {
      for (const [each, window] of windows) {
        if (isOver(window)) windows.delete(each);
      }
      const window = windows.get(address);
      if (!window) {
        windows.set(address, { startedAt: now(), count: 1 });
        return true;
      }
      if (window.count >= limit) return false;
      window.count += 1;
      window.startedAt = now();
      return true;
    },

    get size(): number {
      return windows.size;
    },
  };
}
