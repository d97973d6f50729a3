// Grows ../../../chapters/06-auth/allowances.ts: limits for what only the capstone has.
import type { LimitSettings } from "../../../chapters/06-auth/allowances.ts";
import { createRateLimit, type RateLimitSettings } from "../../../chapters/06-auth/rate-limit.ts";

/** By address: somebody who has no account yet. By user: what makes the server work. */
export const MORE_LIMITS = {
  signUpsOfAddress: { burst: 10, perSecond: 1 / 60 },
  /** Of what is in links. */
  guessesOfAddress: { burst: 30, perSecond: 0.5 },
  /** Everything that changes nothing. A client that polls every second, in several tabs, is far below. */
  readsOfUser: { burst: 300, perSecond: 50 },
  /** Searches, exports and imports, which make it work hard. */
  searchesOfUser: { burst: 40, perSecond: 5 },
};

export type Limits = LimitSettings & Partial<Record<keyof typeof MORE_LIMITS, RateLimitSettings>>;

export function createMoreLimits(limits: Limits) {
  const limit = (name: keyof typeof MORE_LIMITS) => createRateLimit(limits[name] ?? MORE_LIMITS[name]);
  return {
    signUps: limit("signUpsOfAddress"),
    guesses: limit("guessesOfAddress"),
    reads: limit("readsOfUser"),
    searches: limit("searchesOfUser"),
  };
}
