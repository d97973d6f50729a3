export interface BackoffSettings {
  /** The first wait is at most this, in milliseconds. @default 250 */
  readonly baseMs?: number;
  /** And none is longer than this. In milliseconds. @default 30000 */
  readonly maxMs?: number;
  /** A connection that has lived for so long was a good one. In milliseconds. @default 10000 */
  readonly stableMs?: number;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
  /** The clock, in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** How long a client waits before it tries again. */
export function createBackoff({
  baseMs = 250,
  maxMs = 30_000,
  stableMs = 10_000,
  random = Math.random,
  now = Date.now,
}: BackoffSettings = {}) {
  let attempts = 0;
  /** Undefined while nothing is open. */
  let openedAt: number | undefined;
  return {
    /** The next wait, in milliseconds. */
    next(): number {
      // The limit comes before the dice: otherwise most of those who wait long would wait for exactly `maxMs`, together.
      // After a thousand doublings it is Infinity, and `min` makes a number of that again.
      const limitMs = Math.min(maxMs, baseMs * 2 ** attempts);
      attempts += 1;
      return random() * limitMs;
    },

    /** A connection has opened. */
    opened(): void {
      // This proves little: a server that is overwhelmed still accepts connections.
      openedAt = now();
    },

    /** It has ended, or an attempt has failed. */
    closed(): void {
      if (openedAt !== undefined && now() - openedAt >= stableMs) attempts = 0;
      // The next attempt may fail before it opens, and must not be taken for this connection.
      openedAt = undefined;
    },
  };
}
