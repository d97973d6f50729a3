// The seq is the highest in the log plus one: when old events are deleted, numbers are given a second time.
// Fails: a seq is not given again after old events were deleted
// Lesson: chapters/00-request-response/README.md#the-idea
// Hint: What is the highest seq of a log that is empty? And which number did the board give last?
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
    const seq = database
      .prepare("SELECT COALESCE(MAX(seq), 0) + 1 FROM events WHERE board_id = ?")
      .pluck()
      .get(boardId) as number;
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
