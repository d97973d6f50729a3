// Grows ../../../chapters/06-auth/allowances.ts: limits for what only the capstone has.
import type { LimitSettings } from "../../../chapters/06-auth/allowances.ts";
import { createRateLimit, type RateLimitSettings } from "../../../chapters/06-auth/rate-limit.ts";
import type { BoardEvent, EventType } from "../../board/events.ts";

/** By address: somebody who has no account yet. By user: what makes the server work. */
export const MORE_LIMITS = {
  signUpsOfAddress: { burst: 10, perSecond: 1 / 60 },
  /** Of what is in links. */
  guessesOfAddress: { burst: 30, perSecond: 0.5 },
  /** Everything that changes nothing. A client that polls every second, in several tabs, is far below. */
  readsOfUser: { burst: 300, perSecond: 50 },
  /** Searches and exports, which make it work hard. */
  searchesOfUser: { burst: 40, perSecond: 5 },
  /** Each can be a board at its limits, and a second of work. */
  importsOfUser: { burst: 5, perSecond: 0.1 },
  /** Bytes of boards, activity and the like, and of what a change rewrites: what it costs grows with its size. */
  bytesOfUser: { burst: 40_000_000, perSecond: 4_000_000 },
};

export type Limits = LimitSettings & Partial<Record<keyof typeof MORE_LIMITS, RateLimitSettings>>;

/** What comes back with comments and all: other changes are as large as what was sent for them, and cost nothing here. */
const LARGE: readonly EventType[] = ["list_restored", "task_restored"];

/**
 * What a change costs whoever has made it, in bytes: a message of a few words can bring back a list with millions of characters.
 * What undoes it is stored beside it, and is not in the event. It is about as large: what comes back has been deleted before.
 */
export function costOfChange({ type, data }: BoardEvent): number {
  return LARGE.includes(type) ? 2 * Buffer.byteLength(JSON.stringify(data)) : 0;
}

export function createMoreLimits(limits: Limits) {
  const limit = (name: keyof typeof MORE_LIMITS) => createRateLimit(limits[name] ?? MORE_LIMITS[name]);
  const reads = limit("readsOfUser");
  const bytes = createDebts(limits.bytesOfUser ?? MORE_LIMITS.bytesOfUser);
  return {
    signUps: limit("signUpsOfAddress"),
    guesses: limit("guessesOfAddress"),
    reads: { take: (userId: string): number => bytes.waitMs(userId) || reads.take(userId) },
    searches: limit("searchesOfUser"),
    imports: limit("importsOfUser"),
    /** How large an answer is shows when it is made: it is paid for afterwards, before the next one. */
    charge: bytes.charge,
    /** @returns 0, or the milliseconds until everything is paid for */
    debtMs: bytes.waitMs,
  };
}

/** A bucket that can be emptied further than to its bottom: nothing is taken from it until it has something again. */
function createDebts({ burst, perSecond }: RateLimitSettings) {
  const perMs = perSecond / 1_000;
  /** When each bucket will be full. */
  const fullAt = new Map<string, number>();
  let sweptAt = performance.now();

  function sweep(now: number): void {
    if (now - sweptAt < burst / perMs) return;
    sweptAt = now;
    for (const [key, at] of fullAt) if (at <= now) fullAt.delete(key);
  }

  return {
    waitMs: (key: string): number =>
      Math.ceil(Math.max(0, (fullAt.get(key) ?? 0) - performance.now() - burst / perMs)),

    charge(key: string, amount: number): void {
      const now = performance.now();
      sweep(now);
      fullAt.set(key, Math.max(fullAt.get(key) ?? 0, now) + amount / perMs);
    },
  };
}
