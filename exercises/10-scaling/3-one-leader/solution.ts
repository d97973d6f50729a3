import type { KeyStore } from "./key-store.ts";

export interface LeaderOptions {
  readonly store: KeyStore;
  readonly key: string;
  /** Names this node. */
  readonly node: string;
  /** How long a lease is, in milliseconds. */
  readonly leaseMs: number;
  /** This node's clock, in milliseconds. */
  readonly now: () => number;
}

export interface Leader {
  /** Claims or renews the lease. A timer calls it, several times in a lease, and does not wait for a call that is slow. */
  turn(): Promise<void>;
  /** Whether this node may begin something now. */
  isLeader(): boolean;
  /** Leaves it to others, for good. */
  release(): Promise<void>;
}

/** Takes part in finding out which of several nodes leads. */
export function createLeader({ store, key, node, leaseMs, now }: LeaderOptions): Leader {
  /** A time of `now()`. A node that was frozen finds that it is over. */
  let leadsUntil = 0;
  let isReleased = false;

  return {
    isLeader: () => now() < leadsUntil,

    async turn() {
      if (isReleased) return;
      // From before the question: the lease is over here before it is over in the store, however late the answer is.
      const until = now() + leaseMs;
      try {
        const renewed = await store.extendIf(key, node, leaseMs);
        // After each answer: it may be one to a question from before the release.
        if (isReleased) return;
        const leads = renewed || (await store.setIfAbsent(key, node, leaseMs));
        if (isReleased) return;
        leadsUntil = leads ? until : 0;
      } catch {
        // Nothing is known that was not known before: a lease goes on, and ends when it would have ended.
      }
    },

    async release() {
      isReleased = true;
      leadsUntil = 0;
      // Nobody ends what is another node's. If this fails, the lease ends by itself.
      await store.deleteIf(key, node).catch(() => {});
    },
  };
}
