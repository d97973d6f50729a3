// How often somebody may do something: a bucket for each of them, which fills up again by itself.

export interface RateLimitSettings {
  /** How often at once. */
  readonly burst: number;
  /** How often for ever. */
  readonly perSecond: number;
}

export type RateLimit = ReturnType<typeof createRateLimit>;

/**
 * Counts by key: a user, an address. Not by connection, because a new connection is free.
 * @param now the clock, in milliseconds
 */
export function createRateLimit(
  { burst, perSecond }: RateLimitSettings,
  now: () => number = () => performance.now(),
) {
  /** How long until one more is allowed. */
  const costMs = 1_000 / perSecond;
  /** When each bucket will be full: one number says all there is to know about it. */
  const fullAt = new Map<string, number>();
  let sweptAt = now();

  /** A full bucket is as good as none. Without this, every address that ever came would be remembered for ever. */
  function sweep(): void {
    if (now() - sweptAt < burst * costMs) return;
    sweptAt = now();
    for (const [key, at] of fullAt) if (at <= now()) fullAt.delete(key);
  }

  const fullAfterOneMore = (key: string) => Math.max(fullAt.get(key) ?? 0, now()) + costMs;

  /** @returns 0 if it is allowed, else in how many milliseconds it will be */
  function waitMs(key: string): number {
    return Math.ceil(Math.max(0, fullAfterOneMore(key) - now() - burst * costMs));
  }

  return {
    waitMs,

    /** Does it, if it is allowed. Being refused costs nothing. @returns as `waitMs` */
    take(key: string): number {
      sweep();
      const wait = waitMs(key);
      if (wait === 0) fullAt.set(key, fullAfterOneMore(key));
      return wait;
    },

    /** How many are remembered. */
    get size(): number {
      return fullAt.size;
    },
  };
}

/**
 * The key of an address. Whoever has one IPv6 address has 2⁶⁴ of them, so those count as one.
 * @param address undefined when the client is gone already
 */
export function addressKey(address: string | undefined): string {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/, "") ?? "";
  if (!plain.includes(":")) return plain;
  const [head = "", tail] = plain.split("::");
  const groups = head.split(":").filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(":").filter(Boolean).length;
  const all = [...groups, ...Array(missing).fill("0"), ...(tail ?? "").split(":").filter(Boolean)];
  return `${all.slice(0, 4).join(":")}::/64`;
}
