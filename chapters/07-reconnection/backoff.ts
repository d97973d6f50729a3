// How long to wait before the next attempt.

export interface BackoffSettings {
  /** The first wait is at most this, in milliseconds. @default 250 */
  readonly minMs?: number;
  /** And none is longer than this. In milliseconds. @default 30000 */
  readonly maxMs?: number;
  /** A connection that has lived for so long was a good one, and waits begin anew. In milliseconds. @default 10000 */
  readonly stableMs?: number;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/**
 * Exponential backoff with full jitter: anywhere between nothing and a limit that doubles with every attempt. What all
 * clients do at the same time, all of them do at different times.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function createBackoff({
  minMs = 250,
  maxMs = 30_000,
  stableMs = 10_000,
  random = Math.random,
}: BackoffSettings = {}) {
  let attempts = 0;
  return {
    /** In milliseconds. */
    next(): number {
      const limit = Math.min(maxMs, minMs * 2 ** attempts);
      attempts += 1;
      return random() * limit;
    },

    /**
     * A connection has ended. Only one that was stable resets the waits: a server that accepts everybody and then falls
     * over would otherwise be asked again at once, by everybody, for ever.
     */
    ended(livedMs: number): void {
      if (livedMs >= stableMs) attempts = 0;
    },
  };
}
