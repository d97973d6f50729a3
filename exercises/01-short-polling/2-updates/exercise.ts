import type { Database } from "../../../shared/database.ts";
import { errorResponse } from "../../../shared/refusal.ts";

/** A row of the log. */
interface EventRow {
  readonly seq: number;
  readonly type: string;
  readonly boardId: string;
  readonly actorId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** JSON. */
  readonly data: string;
}

/**
 * Answers `GET /boards/:boardId/updates?after=SEQ` with `{ events, seq, more }`.
 * @param pageSize the most events in one answer
 */
export function createUpdatesApp({ database, pageSize }: { database: Database; pageSize: number }) {
  const headOf = database.prepare<[string], { seq: number }>("SELECT seq FROM boards WHERE id = ?");
  const eventsAfter = database.prepare<[string], EventRow>(
    `SELECT seq, type, board_id AS boardId, actor_id AS actorId, created_at AS at, data
     FROM events WHERE board_id = ? ORDER BY seq`,
  );

  return {
    fetch(request: Request): Response {
      const { pathname, searchParams } = new URL(request.url);
      const boardId = /^\/boards\/([\w-]+)\/updates$/.exec(pathname)?.[1] ?? "";
      const head = headOf.get(boardId);
      if (!head) return errorResponse(404, "not_found", "There is no such board.");
      // TODO: Refuse a cursor that is no number.
      const after = Number(searchParams.get("after"));
      // TODO: Refuse a cursor that cannot be honoured.
      // TODO: Read only what comes after the cursor, and at most a page of it.
      const events = eventsAfter.all(boardId).map(toEvent);
      // TODO: Say where the next question starts, and whether the log goes on.
      return Response.json({ events, seq: after, more: events.length > pageSize });
    },
  };
}

function toEvent({ at, data, ...event }: EventRow) {
  return { ...event, at: new Date(at).toISOString(), data: JSON.parse(data) };
}
