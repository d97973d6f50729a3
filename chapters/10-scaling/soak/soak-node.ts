// A node in a hurry, on a bus that cannot be relied on: everything that takes half a minute takes a second.
import { openDatabase } from "../../../shared/database.ts";
import { serve } from "../../../shared/serve.ts";
import { createRandom } from "../../../shared/wire/random.ts";
import { createApp } from "../app.ts";
import { ALONE, openRedisLink } from "../redis-link.ts";
import { disturbedLink } from "./disturbed-link.ts";

/** Twenty-five clients on one address are no attack here. */
const PLENTY = { burst: 100_000, perSecond: 100_000 };

await serve(() => {
  const { DATABASE_FILE, NODE_NAME = "node", REDIS_URL, SOAK_SEED = "1" } = process.env;
  const link = REDIS_URL
    ? openRedisLink(REDIS_URL, { answerWithinMs: 300, pingMs: 100, maxRetryMs: 200 })
    : ALONE;
  const random = createRandom(Number(SOAK_SEED) * 10 + Number(NODE_NAME.at(-1)));
  return createApp({
    database: openDatabase(DATABASE_FILE),
    redis: link.isAlone ? link : disturbedLink(link, random),
    nodeName: NODE_NAME,
    waitMs: 800,
    heartbeatMs: 300,
    keepEvents: 30,
    lookMs: 300,
    presenceSettings: { graceMs: 500, leaseMs: 1_200, typingMs: 500, lookMs: 300 },
    socketSettings: { heartbeatMs: 300, closeTimeoutMs: 300, maxStallMs: 2_000, maxMessagesPerSecond: 1_000 },
    streamSettings: { heartbeatMs: 300, maxAgeMs: 4_000, maxStallMs: 2_000 },
    limits: { messagesOfUser: PLENTY, messagesOfAddress: PLENTY },
  });
});
