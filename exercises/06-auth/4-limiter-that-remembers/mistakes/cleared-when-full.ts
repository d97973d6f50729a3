// The whole map is cleared when it is large: an attacker sends a thousand requests from other addresses, and begins anew.
// Fails: a crowd gives nobody a new allowance
// Lesson: chapters/06-auth/README.md#build-it
// Hint: What did the map know about those whose windows were not over?
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
        if (windows.size >= 1_000) windows.clear();
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
