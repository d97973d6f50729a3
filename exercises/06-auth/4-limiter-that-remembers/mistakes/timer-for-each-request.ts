// Each request starts a timer that forgets its address: the timers of the last window end the next one too early.
// Fails: a window lasts its whole time, also when there was one before
// Lesson: chapters/06-auth/README.md#build-it
// Hint: A timer that was started in one window may fire in the next. Which entry does it delete then?
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
      setTimeout(() => windows.delete(address), windowMs).unref();
      const window = windows.get(address);
      if (!window || isOver(window)) {
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
