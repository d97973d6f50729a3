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
  const eventsAfter = database.prepare<[string, number, number], EventRow>(
    `SELECT seq, type, board_id AS boardId, actor_id AS actorId, created_at AS at, data
     FROM events WHERE board_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
  );

  return {
    fetch(request: Request): Response {
      const { pathname, searchParams } = new URL(request.url);
      const boardId = /^\/boards\/([\w-]+)\/updates$/.exec(pathname)?.[1] ?? "";
      const head = headOf.get(boardId);
      if (!head) return errorResponse(404, "not_found", "There is no such board.");
      const sent = searchParams.get("after") ?? "";
      // Not Number(sent): it makes 0 of an empty text, which is a good cursor with another meaning.
      if (!/^\d+$/.test(sent)) {
        return errorResponse(400, "bad_input", "Not a cursor: send the seq of the last event you have.");
      }
      const after = Number(sent);
      if (after === head.seq) return Response.json({ events: [], seq: after, more: false });
      const events = eventsAfter.all(boardId, after, pageSize).map(toEvent);
      // The log is dense: if the first event is not the very next one, something is missing. In the future there is none.
      if (events[0]?.seq !== after + 1) {
        return errorResponse(410, "cursor_gone", "The cursor cannot be honoured: fetch the board again.");
      }
      // Where this answer ends, and not where the log ends: what is in between has not been sent.
      const seq = events.at(-1)?.seq ?? after;
      return Response.json({ events, seq, more: seq < head.seq });
    },
  };
}

function toEvent({ at, data, ...event }: EventRow) {
  return { ...event, at: new Date(at).toISOString(), data: JSON.parse(data) };
}
