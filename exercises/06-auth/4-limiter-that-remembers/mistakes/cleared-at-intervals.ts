// All are forgotten together, once in a window: whoever comes right before that has twice the allowance.
// Fails: a window lasts its whole time, whoever else comes
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Each address has a window of its own. Whose are over when you clear the map?
import type { LimiterOptions } from "../exercise.ts";

interface Window {
  readonly startedAt: number;
  count: number;
}

export function createLimiter({ limit, windowMs, now }: LimiterOptions) {
  const windows = new Map<string, Window>();

  let clearedAt = now();

  const isOver = ({ startedAt }: Window) => now() - startedAt >= windowMs;

  return {
    allow(address: string): boolean {
      if (now() - clearedAt >= windowMs) {
        windows.clear();
        clearedAt = now();
      }
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
