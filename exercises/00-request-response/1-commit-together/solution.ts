import type { Database } from "../../../shared/database.ts";

export interface Rename {
  readonly listId: string;
  /** The new name. */
  readonly name: string;
  /** Who renames it. */
  readonly actorId: string;
}

interface ListRow {
  readonly id: string;
  readonly name: string;
  readonly position: string;
}

/**
 * Renames a list, and writes the event `list_renamed` to the log of its board.
 *
 * @param now the clock, in milliseconds since 1970
 * @returns the seq of the event
 * @throws what the database throws; then neither the list nor the board nor the log has changed
 */
export function renameList(database: Database, { listId, name, actorId }: Rename, now: () => number): number {
  const boardId = database.prepare("SELECT board_id FROM lists WHERE id = ?").pluck().get(listId) as string;
  const at = now();
  const rename = database.transaction(() => {
    const list = database
      .prepare<[string, string], ListRow>(
        "UPDATE lists SET name = ? WHERE id = ? RETURNING id, name, position",
      )
      .get(name, listId);
    // The counter is inside: a seq that was taken and not used would be a gap, and a gap looks like a lost event.
    const seq = database
      .prepare("UPDATE boards SET seq = seq + 1 WHERE id = ? RETURNING seq")
      .pluck()
      .get(boardId) as number;
    database
      .prepare(
        "INSERT INTO events (board_id, seq, type, data, actor_id, created_at) VALUES (?, ?, 'list_renamed', ?, ?, ?)",
      )
      .run(boardId, seq, JSON.stringify({ list }), actorId, at);
    return seq;
  });
  // Takes the write lock at once, so that two processes take turns. A throw rolls back, and reaches the caller.
  return rename.immediate();
}
