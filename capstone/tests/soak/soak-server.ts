// Grows ../../../chapters/10-scaling/soak/soak-node.ts: the board's whole server in a hurry, as a process that can be killed; alone,
// or as a node on a bus that cannot be relied on.
import { ALONE, openRedisLink } from "../../../chapters/10-scaling/redis-link.ts";
import { disturbedLink } from "../../../chapters/10-scaling/soak/disturbed-link.ts";
import { openDatabase } from "../../../shared/database.ts";
import { serve } from "../../../shared/serve.ts";
import { createRandom } from "../../../shared/wire/random.ts";
import { createApp } from "../../server/app.ts";
import { openSqliteStore } from "../../server/store/sqlite-store.ts";
import type { Store } from "../../server/store/store.ts";
import { NO_LIMITS } from "../no-limits.ts";

let store: Store | undefined;

await serve(
  () => {
    const { DATABASE_FILE, NODE_NAME = "node", REDIS_URL, SOAK_SEED = "1" } = process.env;
    const link = REDIS_URL
      ? openRedisLink(REDIS_URL, { answerWithinMs: 300, pingMs: 100, maxRetryMs: 200 })
      : ALONE;
    const random = createRandom(Number(SOAK_SEED) * 10 + Number(NODE_NAME.at(-1)));
    store = openSqliteStore({ database: openDatabase(DATABASE_FILE), keepEvents: 15 });
    return createApp({
      store,
      redis: link.isAlone ? link : disturbedLink(link, random),
      nodeName: NODE_NAME,
      // Twenty-five clients on one address are no attack here.
      limits: NO_LIMITS,
      live: {
        heartbeatMs: 500,
        closeTimeoutMs: 300,
        maxStallMs: 2_000,
        maxMessagesPerSecond: 1_000,
        streamHeartbeatMs: 300,
        streamMaxAgeMs: 4_000,
        waitMs: 800,
        lookMs: 300,
        graceMs: 500,
        leaseMs: 1_200,
        typingMs: 500,
      },
    });
  },
  { onClosed: () => store?.close() },
);
