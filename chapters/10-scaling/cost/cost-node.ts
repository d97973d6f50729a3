// A node without limits, which also says what it has used so far: `GET /cost`.
import { openDatabase } from "../../../shared/database.ts";
import { serve } from "../../../shared/serve.ts";
import { createApp } from "../app.ts";
import { ALONE, openRedisLink } from "../redis-link.ts";

/** What a node has used. */
export interface NodeCost {
  /** Processor time, in milliseconds. */
  readonly cpuMs: number;
  /** Memory that is in use, in bytes: without what the system keeps for its connections. */
  readonly bytes: number;
}

const PLENTY = { burst: 1e6, perSecond: 1e6 };

await serve(() => {
  const { DATABASE_FILE, NODE_NAME = "node", REDIS_URL } = process.env;
  const app = createApp({
    database: openDatabase(DATABASE_FILE),
    redis: REDIS_URL ? openRedisLink(REDIS_URL) : ALONE,
    nodeName: NODE_NAME,
    socketSettings: { maxMessagesPerSecond: 1e6 },
    limits: { messagesOfUser: PLENTY, messagesOfAddress: PLENTY },
  });

  function cost(): Response {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const used: NodeCost = { cpuMs: (user + system) / 1_000, bytes: heapUsed + external };
    return Response.json(used);
  }
  return {
    ...app,
    fetch: (request) => (new URL(request.url).pathname === "/cost" ? cost() : app.fetch(request)),
  };
});
