// What was written before an error is not taken back: when the event cannot be written, the list has a new name that nobody else hears of.
// Fails: when the counter cannot be raised, the list keeps its name
// Lesson: chapters/00-request-response/README.md#build-it
// Hint: Three things are written, one after the other. When the second one fails, what becomes of the first?
import type { Database } from "../../../../shared/database.ts";
import type { Rename } from "../exercise.ts";

interface ListRow {
  readonly id: string;
  readonly name: string;
  readonly position: string;
}

export function renameList(database: Database, { listId, name, actorId }: Rename, now: () => number): number {
  const boardId = database.prepare("SELECT board_id FROM lists WHERE id = ?").pluck().get(listId) as string;
  const at = now();
  {
    const list = database
      .prepare<[string, string], ListRow>(
        "UPDATE lists SET name = ? WHERE id = ? RETURNING id, name, position",
      )
      .get(name, listId);
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
  }
}
