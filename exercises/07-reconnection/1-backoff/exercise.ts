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
  let openedAt = 0;
  return {
    /** The next wait, in milliseconds. */
    next(): number {
      // TODO: Let the limit double up to `maxMs`, and wait for a random part of it.
      return baseMs;
    },

    /** A connection has opened. */
    opened(): void {
      openedAt = now();
    },

    /** It has ended, or an attempt has failed. */
    closed(): void {
      // TODO: After a connection that was stable, let the limit begin anew.
    },
  };
}
