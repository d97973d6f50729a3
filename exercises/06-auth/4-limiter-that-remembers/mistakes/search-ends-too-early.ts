// The search stops at the first window that is not over, but the map is not in that order: one regular guest keeps all who came later in memory.
// Fails: somebody who comes all the time does not keep the others in memory
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Where in the map is an entry that was set again? Its key was there before the others.
import type { LimiterOptions } from "../exercise.ts";

interface Window {
  readonly startedAt: number;
  count: number;
}

export function createLimiter({ limit, windowMs, now }: LimiterOptions) {
  const windows = new Map<string, Window>();

  const isOver = ({ startedAt }: Window) => now() - startedAt >= windowMs;

  function forgetOld(): void {
    for (const [address, window] of windows) {
      if (!isOver(window)) return;
      windows.delete(address);
    }
  }

  return {
    allow(address: string): boolean {
      const window = windows.get(address);
      if (!window || isOver(window)) {
        windows.set(address, { startedAt: now(), count: 1 });
        forgetOld();
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
