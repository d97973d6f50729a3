// Whoever is refused is forgotten at the same time: the next request is allowed again, so every sixth one is refused and no more.
// Fails: five requests are allowed in a window, and five in the next
// Lesson: chapters/06-auth/README.md#build-it
// Hint: A refusal does not end a window. What does?
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
      const window = windows.get(address);
      if (!window || isOver(window)) {
        windows.set(address, { startedAt: now(), count: 1 });
        return true;
      }
      if (window.count >= limit) {
        windows.delete(address);
        return false;
      }
      window.count += 1;
      return true;
    },

    get size(): number {
      return windows.size;
    },
  };
}
