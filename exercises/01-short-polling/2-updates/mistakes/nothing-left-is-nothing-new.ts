// A log that has no events any more is taken for one without news: what the client has missed is gone, and nobody tells it to fetch the board.
// Fails: a cursor to which the log does not reach back is 410, and never a part of the events
// Lesson: chapters/01-short-polling/README.md#what-goes-over-the-wire
// Hint: The board is at 9, the client at 8, and there is no event 9. What does that mean?
import type { Database } from "../../../../shared/database.ts";
import { errorResponse } from "../../../../shared/refusal.ts";

interface EventRow {
  readonly seq: number;
  readonly type: string;
  readonly boardId: string;
  readonly actorId: string;
  readonly at: number;
  readonly data: string;
}

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
      if (!/^\d+$/.test(sent)) {
        return errorResponse(400, "bad_input", "Not a cursor: send the seq of the last event you have.");
      }
      const after = Number(sent);
      const events = eventsAfter.all(boardId, after, pageSize).map(toEvent);
      const isMissing = events[0] !== undefined && events[0].seq !== after + 1;
      if (after > head.seq || isMissing) {
        return errorResponse(410, "cursor_gone", "The cursor cannot be honoured: fetch the board again.");
      }
      const seq = events.at(-1)?.seq ?? after;
      return Response.json({ events, seq, more: seq < head.seq });
    },
  };
}

function toEvent({ at, data, ...event }: EventRow) {
  return { ...event, at: new Date(at).toISOString(), data: JSON.parse(data) };
}
