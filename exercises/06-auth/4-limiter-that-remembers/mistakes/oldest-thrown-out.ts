// The map has room for a thousand, and the oldest one is thrown out: an attacker pushes out the own entry, and begins anew.
// Fails: a crowd gives nobody a new allowance
// Lesson: chapters/06-auth/README.md#build-it
// Hint: The oldest entry can still be needed. What makes an entry one that nobody needs?
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
        windows.delete(address);
        windows.set(address, { startedAt: now(), count: 1 });
        const [oldest = ""] = windows.keys();
        if (windows.size > 1_000) windows.delete(oldest);
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
