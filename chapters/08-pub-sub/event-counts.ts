// A consumer: how much happens on which board. For those who run the server.
import { type Context, route } from "@hectoday/http";
import type { Database } from "../../shared/database.ts";
import type { BoardEvent } from "../../shared/events.ts";
import { errorResponse } from "../../shared/refusal.ts";

/** By board and type. */
export interface Counts {
  /** When the counting began, ISO 8601. */
  readonly since: string;
  readonly boards: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface EventCounts {
  onEvent(event: BoardEvent): void;
  read(): Counts | Promise<Counts>;
}

/** @param now when the counting begins, in milliseconds since 1970 */
export function createEventCounts(now: number = Date.now()): EventCounts {
  const boards = new Map<string, Record<string, number>>();
  return {
    onEvent({ boardId, type }) {
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
  counts: EventCounts,
  database: Database,
  userOf: (c: Pick<Context, "locals">) => string,
) {
  const isAdmin = database.prepare("SELECT 1 FROM users WHERE id = ? AND is_admin = 1");
  return route.get("/admin/event-counts", {
    resolve: async (c) => {
      if (!isAdmin.get(userOf(c))) return errorResponse(404, "not_found", "There is no such route.");
      return Response.json(await counts.read(), { headers: { "cache-control": "no-store" } });
    },
  });
}
