// The seq is the number of events in the log plus one: when old events are deleted, it is a seq that was given before.
// Fails: a seq is not given again after old events were deleted
// Lesson: chapters/00-request-response/README.md#the-idea
// Hint: How many events has a log of which the first four were deleted? And what is the seq of its last one?
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
      .prepare("SELECT COUNT(*) + 1 FROM events WHERE board_id = ?")
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
