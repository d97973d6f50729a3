// All boards share one counter: a client of a quiet board sees gaps and believes that it has lost events.
// Fails: each board counts its own events
// Lesson: chapters/00-request-response/README.md#the-idea
// Hint: A seq counts the events of a board. What has another board to do with it?
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
    const seq = database.prepare("SELECT MAX(seq) + 1 FROM boards").pluck().get() as number;
    database.prepare("UPDATE boards SET seq = ? WHERE id = ?").run(seq, boardId);
    database
      .prepare(
        "INSERT INTO events (board_id, seq, type, data, actor_id, created_at) VALUES (?, ?, 'list_renamed', ?, ?, ?)",
      )
      .run(boardId, seq, JSON.stringify({ list }), actorId, at);
    return seq;
  });
  return rename.immediate();
}
