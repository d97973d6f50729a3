// The next seq is read and never stored: the board says that it is at 9, while its log has event 10.
// Fails: a renamed list has its new name, and the log has the event under the board's next seq
// Lesson: chapters/00-request-response/README.md#the-idea
// Hint: A snapshot says with `boards.seq` what it is true at. What does it say after your rename, and what will the next event be called?
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
    const seq = database.prepare("SELECT seq + 1 FROM boards WHERE id = ?").pluck().get(boardId) as number;
    database
      .prepare(
        "INSERT INTO events (board_id, seq, type, data, actor_id, created_at) VALUES (?, ?, 'list_renamed', ?, ?, ?)",
      )
      .run(boardId, seq, JSON.stringify({ list }), actorId, at);
    return seq;
  });
  return rename.immediate();
}
