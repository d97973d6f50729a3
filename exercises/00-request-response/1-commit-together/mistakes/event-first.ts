// The event is written first, and without a transaction: when the list cannot be renamed, everybody else sees a name that it does not have.
// Fails: when the list cannot be renamed, the log does not say that it was
// Lesson: chapters/00-request-response/README.md#build-it
// Hint: Another order does not help: whatever comes first stays when what comes second fails. What makes two writes one?
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
  const before = database
    .prepare<[string], ListRow>("SELECT id, name, position FROM lists WHERE id = ?")
    .get(listId);
  const list = { ...before, name };
  const seq = database
    .prepare("UPDATE boards SET seq = seq + 1 WHERE id = ? RETURNING seq")
    .pluck()
    .get(boardId) as number;
  database
    .prepare(
      "INSERT INTO events (board_id, seq, type, data, actor_id, created_at) VALUES (?, ?, 'list_renamed', ?, ?, ?)",
    )
    .run(boardId, seq, JSON.stringify({ list }), actorId, at);
  database.prepare("UPDATE lists SET name = ? WHERE id = ?").run(name, listId);
  return seq;
}
