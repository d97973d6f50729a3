// The seq is taken before the transaction: after a failure it is used up, and every client believes that it lacks an event.
// Fails: when the event cannot be written, the list keeps its name and the board its seq
// Lesson: chapters/00-request-response/README.md#the-idea
// Hint: The counter is a write as well. What becomes of it when the rest is rolled back?
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
  const seq = database
    .prepare("UPDATE boards SET seq = seq + 1 WHERE id = ? RETURNING seq")
    .pluck()
    .get(boardId) as number;
  const rename = database.transaction(() => {
    const list = database
      .prepare<[string, string], ListRow>(
        "UPDATE lists SET name = ? WHERE id = ? RETURNING id, name, position",
      )
      .get(name, listId);
    database
      .prepare(
        "INSERT INTO events (board_id, seq, type, data, actor_id, created_at) VALUES (?, ?, 'list_renamed', ?, ?, ?)",
      )
      .run(boardId, seq, JSON.stringify({ list }), actorId, at);
    return seq;
  });
  return rename.immediate();
}
