// What a node says about itself, to whoever runs it: a load balancer, a person, `npm run chapter 10`.
import type { Database } from "../../shared/database.ts";
import type { RedisLink } from "./redis-link.ts";

interface Sized {
  readonly size: number;
}

/**
 * Answers `GET /health` and `GET /ready` before anybody is asked who they are. A proxy in front should keep them to itself.
 *
 * - `/health`: this process works. What it answers with is for people: without Redis a node is slower, and not ill.
 * - `/ready`: it may be sent requests: 200, or 503 while it stops or cannot read the database.
 */
export function createHealth(
  { nodeName, redis }: { readonly nodeName: string; readonly redis: RedisLink },
  database: Database,
  connections: { readonly sockets: Sized; readonly streams: Sized },
) {
  const select = database.prepare("SELECT 1");
  let isClosed = false;

  function isReady(): boolean {
    try {
      return !isClosed && select.get() !== undefined;
    } catch {
      return false;
    }
  }

  function stateOfRedis(): "none" | "up" | "away" {
    if (redis.isAlone) return "none";
    return redis.isUp ? "up" : "away";
  }

  return {
    /** @returns undefined for every other request */
    answer(request: Request): Response | undefined {
      if (request.method !== "GET") return undefined;
      const { pathname } = new URL(request.url);
      const headers = { "cache-control": "no-store" };
      if (pathname === "/ready")
        return Response.json({ ready: isReady() }, { status: isReady() ? 200 : 503, headers });
      if (pathname !== "/health") return undefined;
      const { sockets, streams } = connections;
      return Response.json(
        { node: nodeName, redis: stateOfRedis(), sockets: sockets.size, streams: streams.size },
        { headers },
      );
    },

    /** It is not ready any more. */
    close(): void {
      isClosed = true;
    },
  };
}
