// A consumer: how much happens on which board. For those who run the server.
import { type Context, route } from "@hectoday/http";
import type { Database } from "../../shared/database.ts";
import type { BoardEvent } from "../../shared/events.ts";
import { errorResponse } from "../../shared/refusal.ts";

/** @param now when the counting begins, in milliseconds since 1970 */
export function createEventCounts(now: number = Date.now()) {
  const boards = new Map<string, Record<string, number>>();
  return {
    onEvent({ boardId, type }: BoardEvent): void {
      const counts = boards.get(boardId) ?? {};
      boards.set(boardId, counts);
      counts[type] = (counts[type] ?? 0) + 1;
    },
    /** What this process has heard of since it began. */
    read: () => ({ since: new Date(now).toISOString(), boards: Object.fromEntries(boards) }),
  };
}

/** `GET /admin/event-counts`. To whoever is no admin, there is no such route. */
export function eventCountsRoute(
  counts: ReturnType<typeof createEventCounts>,
  database: Database,
  userOf: (c: Pick<Context, "locals">) => string,
) {
  const isAdmin = database.prepare("SELECT 1 FROM users WHERE id = ? AND is_admin = 1");
  return route.get("/admin/event-counts", {
    resolve: (c) => {
      if (!isAdmin.get(userOf(c))) return errorResponse(404, "not_found", "There is no such route.");
      return Response.json(counts.read(), { headers: { "cache-control": "no-store" } });
    },
  });
}
