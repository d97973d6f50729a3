// The counter of every board is raised: a client of another board believes that it has lost an event.
// Fails: each board counts its own events
// Lesson: chapters/00-request-response/README.md#the-idea
// Hint: How many rows does your `UPDATE boards` change?
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
  const rename = database.transaction(() => {
    const list = database
      .prepare<[string, string], ListRow>(
        "UPDATE lists SET name = ? WHERE id = ? RETURNING id, name, position",
      )
      .get(name, listId);
    const counters = database.prepare("UPDATE boards SET seq = seq + 1 RETURNING id, seq").all() as {
      id: string;
      seq: number;
    }[];
    const seq = counters.find(({ id }) => id === boardId)?.seq ?? 0;
    database
      .prepare(
        "INSERT INTO events (board_id, seq, type, data, actor_id, created_at) VALUES (?, ?, 'list_renamed', ?, ?, ?)",
      )
      .run(boardId, seq, JSON.stringify({ list }), actorId, at);
    return seq;
  });
  return rename.immediate();
}
