// Grows ../../chapters/10-scaling/health.ts: for a database that answers later.
import type { RedisLink } from "../../chapters/10-scaling/redis-link.ts";
import type { Store } from "./store/store.ts";

export interface HealthOptions {
  readonly nodeName: string;
  readonly redis: RedisLink;
  readonly store: Pick<Store, "ping">;
  readonly counts: () => object;
  /** A database that has not answered for so long is not there, in milliseconds. @default 1000 */
  readonly answerWithinMs?: number;
}

export type Health = ReturnType<typeof createHealth>;

export function createHealth(options: HealthOptions) {
  const { nodeName, redis, store, counts, answerWithinMs = 1_000 } = options;
  let isClosed = false;

  function stateOfRedis(): "none" | "up" | "away" {
    if (redis.isAlone) return "none";
    return redis.isUp ? "up" : "away";
  }

  return {
    /** Whether it may be sent requests: not while it stops, and not without its database. */
    async isReady(): Promise<boolean> {
      if (isClosed) return false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const tooLate = new Promise<boolean>((resolve) => {
        timer = setTimeout(resolve, answerWithinMs, false);
      });
      const answer = store.ping().then(
        () => true,
        () => false,
      );
      const isThere = await Promise.race([answer, tooLate]);
      clearTimeout(timer);
      return isThere && !isClosed;
    },

    /** For people: without Redis a node is slower, and not ill. */
    describe: () => ({ node: nodeName, redis: stateOfRedis(), ...counts() }),

    /** It is not ready any more. */
    close(): void {
      isClosed = true;
    },
  };
}
