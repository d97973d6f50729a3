// What is read of a board and its log: each as of one moment.
import type { SentCursor } from "../../../shared/cursor.ts";
import type { Database } from "../../../shared/database.ts";
import { Refusal } from "../../../shared/refusal.ts";
import type { BoardEvent, Snapshot } from "../../board/events.ts";
import { type EventRow, toComment, toEvent, toList, toTask } from "./rows.ts";
import type { Statements } from "./statements.ts";
import type { LogPage } from "./store.ts";

export function createBoardReading(database: Database, sql: Statements) {
  return {
    snapshot: database.transaction((boardId: string): Snapshot | Refusal => {
      const board = sql.board.get(boardId);
      if (!board) return noBoard();
      const { id, name, epoch, seq } = board;
      return {
        board: { id, name, epoch, members: sql.members.all(boardId) },
        lists: sql.lists.all(boardId).map(toList),
        tasks: sql.tasks.all(boardId).map(toTask),
        comments: sql.comments.all(boardId).map(toComment),
        seq,
      };
    }),

    eventsAfter: database.transaction(
      (boardId: string, cursor: SentCursor, limit: number): LogPage | Refusal => {
        const head = sql.head.get(boardId);
        if (!head) return noBoard();
        if ((cursor.epoch ?? head.epoch) !== head.epoch) return gone("it belongs to another log");
        if (cursor.seq > head.seq) return gone("it lies in the future of this log");
        if (cursor.seq === head.seq) return { events: [], seq: head.seq, more: false };
        const events = firstOf(sql.eventsAfter.iterate(boardId, cursor.seq, limit));
        if (events[0]?.seq !== cursor.seq + 1) return gone("the log does not reach back that far");
        const seq = events.at(-1)?.seq ?? cursor.seq;
        return { events, seq, more: seq < head.seq };
      },
    ),

    eventsBefore(boardId: string, seq: number | undefined, limit: number): readonly BoardEvent[] {
      return firstOf(sql.eventsBefore.iterate(boardId, seq ?? Number.MAX_SAFE_INTEGER, limit));
    },
  };
}

/** The data of the events that are read at once, in characters. A list that comes back can be an event of many megabytes. */
const READ_AT_ONCE = 4_194_304;

/** At least one, if there is one; and no more than can be held in memory a hundred times. */
function firstOf(rows: Iterable<EventRow>): BoardEvent[] {
  const events: BoardEvent[] = [];
  let characters = 0;
  for (const row of rows) {
    events.push(toEvent(row));
    characters += row.data.length;
    if (characters > READ_AT_ONCE) break;
  }
  return events;
}

export function noBoard(): Refusal {
  return new Refusal("not_found", "There is no such board.");
}

function gone(reason: string): Refusal {
  return new Refusal(
    "cursor_gone",
    `The cursor cannot be honoured, because ${reason}: fetch the board again.`,
  );
}
