// This chapter's server in a hurry, as a process that can be killed: everything that takes half a minute takes half a second.
import { openDatabase } from "../../../shared/database.ts";
import { serve } from "../../../shared/serve.ts";
import { createApp } from "../app.ts";

/** Twenty-five clients on one address are no attack here. */
const PLENTY = { burst: 100_000, perSecond: 100_000 };

await serve(() =>
  createApp({
    database: openDatabase(process.env.DATABASE_FILE),
    waitMs: 800,
    heartbeatMs: 300,
    keepEvents: 30,
    socketSettings: { heartbeatMs: 300, closeTimeoutMs: 300, maxStallMs: 2_000, maxMessagesPerSecond: 1_000 },
    streamSettings: { heartbeatMs: 300, maxAgeMs: 4_000, maxStallMs: 2_000 },
    limits: { messagesOfUser: PLENTY, messagesOfAddress: PLENTY },
  }),
);
