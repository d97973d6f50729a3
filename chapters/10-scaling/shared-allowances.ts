// Grows ../06-auth/allowances.ts: a limit that holds on all nodes together. With a limit for each, three nodes allow three times
// as much.
import { type Allowances, createAllowances, LIMITS, type LimitSettings } from "../06-auth/allowances.ts";
import { inTurns } from "./in-turns.ts";
import type { RedisLink } from "./redis-link.ts";
import { createRedisScript } from "./redis-script.ts";

/** How often this node tells how many messages it has let through, in milliseconds. */
const REPORT_MS = 250;

/**
 * The bucket of ../06-auth/rate-limit.ts, several at a time. KEYS: the buckets. ARGV: how many are taken; whether they were
 * taken already and are only counted; and for each bucket what one costs in milliseconds, and how many fit in.
 * @returns in how many milliseconds it is allowed; 0 for now
 */
const takeAll = createRedisScript(`
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local count, isDone, wait = tonumber(ARGV[1]), ARGV[2] == 'done', 0
  local full = {}
  for i, key in ipairs(KEYS) do
    local cost, burst = tonumber(ARGV[1 + 2 * i]), tonumber(ARGV[2 + 2 * i])
    full[i] = math.max(tonumber(redis.call('GET', key) or 0), now) + count * cost
    wait = math.max(wait, full[i] - now - burst * cost)
  end
  if wait > 0 and not isDone then return math.ceil(wait) end
  for i, key in ipairs(KEYS) do
    redis.call('SET', key, string.format('%.3f', full[i]), 'PX', math.ceil(full[i] - now))
  end
  return math.ceil(wait)
`);

type Name = keyof typeof LIMITS;

/** @returns what to use in place of `createAllowances`, and `close` */
export function createSharedAllowances(redis: RedisLink, settings: LimitSettings = {}) {
  const own = createAllowances(settings);
  const limits = { ...LIMITS, ...settings };
  /** How many messages were let through here since the last report, by the key of their bucket. */
  const unreported = new Map<string, { readonly name: Name; count: number }>();
  /** Until when a bucket is empty, as Redis has said it. A time of `performance.now()`. */
  const emptyUntil = new Map<string, number>();

  async function take(buckets: readonly { key: string; name: Name }[], count: number, isDone: boolean) {
    const sizes = buckets.flatMap(({ name }) => [1_000 / limits[name].perSecond, limits[name].burst]);
    const keys = buckets.map(({ key }) => `bucket:${key}`);
    return Number(await takeAll(redis, keys, count, isDone ? "done" : "ask", ...sizes));
  }

  /** Exact: guesses at passwords are worth a question to Redis each, and nobody waits in line behind one. */
  async function signIns(userId: string, address: string): Promise<number> {
    try {
      return await take(
        [
          { key: `sign-ins:user:${userId}`, name: "signInsOfUser" },
          { key: `sign-ins:address:${address}`, name: "signInsOfAddress" },
        ],
        1,
        false,
      );
    } catch {
      return own.signIns(userId, address);
    }
  }

  /**
   * Decided here, by the limit of one node, and counted for all: what several nodes let through together is found out when they
   * report it. Until then somebody can be ahead by what one node allows at once, on each of them.
   */
  function messages(userId: string, address: string): number {
    const buckets = [
      { key: `messages:user:${userId}`, name: "messagesOfUser" },
      { key: `messages:address:${address}`, name: "messagesOfAddress" },
    ] as const;
    const waitMs = Math.max(...buckets.map(({ key }) => (emptyUntil.get(key) ?? 0) - performance.now()));
    if (waitMs > 0) return Math.ceil(waitMs);
    const ownWaitMs = own.messages(userId, address);
    if (ownWaitMs > 0) return ownWaitMs;
    for (const { key, name } of buckets) {
      const waiting = unreported.get(key) ?? { name, count: 0 };
      waiting.count += 1;
      unreported.set(key, waiting);
    }
    return 0;
  }

  async function report(key: string): Promise<void> {
    const waiting = unreported.get(key);
    if (!waiting) return;
    unreported.delete(key);
    // Without an answer the limit of this node still holds.
    const waitMs = await take([{ key, name: waiting.name }], waiting.count, true).catch(() => 0);
    if (waitMs > 0) emptyUntil.set(key, performance.now() + waitMs);
  }

  function forgetIfOver(key: string): void {
    if ((emptyUntil.get(key) ?? 0) <= performance.now()) emptyUntil.delete(key);
  }

  const stopReporting = inTurns(REPORT_MS, () => unreported.keys(), report);
  const stopForgetting = inTurns(1_000, () => emptyUntil.keys(), forgetIfOver);
  return {
    signIns,
    messages,
    close() {
      stopReporting();
      stopForgetting();
    },
  } satisfies Allowances & { close(): void };
}
