export interface LimiterOptions {
  /** How many requests an address may send in a window. */
  readonly limit: number;
  /** How long a window lasts, in milliseconds. It begins with an address's first request. */
  readonly windowMs: number;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

interface Window {
  readonly startedAt: number;
  count: number;
}

/** Counts requests by address. */
export function createLimiter({ limit, windowMs, now }: LimiterOptions) {
  const windows = new Map<string, Window>();

  const isOver = ({ startedAt }: Window) => now() - startedAt >= windowMs;

  /** The map has the oldest window first, so that the first one that is not over ends the search. */
  function forgetOld(): void {
    for (const [address, window] of windows) {
      if (!isOver(window)) return;
      windows.delete(address);
    }
  }

  return {
    /** Counts a request. @returns whether it is allowed */
    allow(address: string): boolean {
      // No timers: memory grows only when somebody comes, so that is when to look.
      forgetOld();
      const window = windows.get(address);
      if (!window) {
        // Whoever has had a window was removed above, and goes to the end. With `set` alone it would keep its old place.
        windows.set(address, { startedAt: now(), count: 1 });
        return true;
      }
      if (window.count >= limit) return false;
      window.count += 1;
      return true;
    },

    /** How many addresses are remembered. */
    get size(): number {
      return windows.size;
    },
  };
}
