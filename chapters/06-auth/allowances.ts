// How often a user, and an address, may sign in and send something.
import { createRateLimit, type RateLimit, type RateLimitSettings } from "./rate-limit.ts";

/** Counts one for a user and for an address. @returns 0, or the milliseconds until it is allowed */
export interface Allowances {
  signIns(userId: string, address: string): number | Promise<number>;
  /** Decided at once: messages on a socket have an order, and must not wait for one another. */
  messages(userId: string, address: string): number;
}

/** An address can be a whole office, so it may do more than one user. */
export const LIMITS = {
  signInsOfUser: { burst: 10, perSecond: 0.1 },
  signInsOfAddress: { burst: 50, perSecond: 1 },
  messagesOfUser: { burst: 100, perSecond: 25 },
  messagesOfAddress: { burst: 500, perSecond: 100 },
};

export type LimitSettings = Partial<Record<keyof typeof LIMITS, RateLimitSettings>>;

export function createAllowances(settings: LimitSettings = {}) {
  const limit = (name: keyof typeof LIMITS) => createRateLimit(settings[name] ?? LIMITS[name]);
  return {
    signIns: pair(limit("signInsOfUser"), limit("signInsOfAddress")),
    messages: pair(limit("messagesOfUser"), limit("messagesOfAddress")),
  };
}

function pair(ofUser: RateLimit, ofAddress: RateLimit) {
  return (userId: string, address: string) => {
    // Both are asked before anything is taken from one of them: who is refused has used up nothing of anybody's.
    const waitMs = Math.max(ofUser.waitMs(userId), ofAddress.waitMs(address));
    if (waitMs > 0) return waitMs;
    ofUser.take(userId);
    ofAddress.take(address);
    return 0;
  };
}
