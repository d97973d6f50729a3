// `pageSize` limits nothing: a client that slept through the night gets more events in one answer than it should.
// Fails: a client that is far behind gets page after page, and misses nothing
// Lesson: chapters/01-short-polling/README.md#what-goes-over-the-wire
// Hint: What does `pageSize` do in your answer?
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

export function createUpdatesApp({ database }: { database: Database; pageSize: number }) {
  const headOf = database.prepare<[string], { seq: number }>("SELECT seq FROM boards WHERE id = ?");
  const eventsAfter = database.prepare<[string, number], EventRow>(
    `SELECT seq, type, board_id AS boardId, actor_id AS actorId, created_at AS at, data
     FROM events WHERE board_id = ? AND seq > ? ORDER BY seq`,
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
      if (after === head.seq) return Response.json({ events: [], seq: after, more: false });
      const events = eventsAfter.all(boardId, after).map(toEvent);
      if (events[0]?.seq !== after + 1) {
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
