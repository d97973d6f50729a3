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
  let leads = false;

  return {
    async turn() {
      // TODO: Renew the lease, or claim it, and remember until when this node may believe in it.
      await store.set(key, node, leaseMs);
      leads = true;
    },

    // TODO: Do not lead for longer than the lease.
    isLeader: () => leads,

    async release() {
      // TODO: End the lease if it is this node's.
    },
  };
}
