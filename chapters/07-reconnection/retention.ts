// How far back the log reaches. A client that has missed more has to start over.
import type { Database } from "../../shared/database.ts";
import type { BoardEvent } from "../../shared/events.ts";

/** @param keep how many events of each board stay */
export function createRetention(database: Database, keep: number) {
  const prune = database.prepare("DELETE FROM events WHERE board_id = ? AND seq <= ?");
  return {
    /** Call it after an event was committed. What goes is a stretch from the beginning, never from the middle. */
    onEvent({ boardId, seq }: BoardEvent): void {
      prune.run(boardId, seq - keep);
    },
  };
}
