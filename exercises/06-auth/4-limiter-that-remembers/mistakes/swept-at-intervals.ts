// What is over is taken out at intervals, and counts until then: whoever has used up a window waits longer than it lasts.
// Fails: a window lasts its whole time, whoever else comes
// Lesson: chapters/06-auth/README.md#build-it
// Hint: A window can be over before you have taken it out. Who looks at that when a request comes?
import type { LimiterOptions } from "../exercise.ts";

interface Window {
  readonly startedAt: number;
  count: number;
}

export function createLimiter({ limit, windowMs, now }: LimiterOptions) {
  const windows = new Map<string, Window>();
  let sweptAt = now();

  const isOver = ({ startedAt }: Window) => now() - startedAt >= windowMs;

  return {
    allow(address: string): boolean {
      if (now() - sweptAt >= windowMs) {
        sweptAt = now();
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
