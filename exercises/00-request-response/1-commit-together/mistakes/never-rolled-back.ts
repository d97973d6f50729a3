// The transaction is begun and, after an error, never ended: no rename works any more until the server is restarted.
// Fails: after a failure the next rename works, and no seq is missing
// Lesson: chapters/00-request-response/README.md#build-it
// Hint: Between your BEGIN and your COMMIT something threw. In which state is the connection now?
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
  database.exec("BEGIN IMMEDIATE");
  const list = database
    .prepare<[string, string], ListRow>("UPDATE lists SET name = ? WHERE id = ? RETURNING id, name, position")
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
  database.exec("COMMIT");
  return seq;
}
