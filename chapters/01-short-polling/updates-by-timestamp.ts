// A mistake, kept to be disproved: only its test imports this. "Give me what has changed since three o'clock" misses
// deletions, changes in the same millisecond, and changes made while two clocks disagree. `updates.ts` does it right.
import type { Database } from "../../shared/database.ts";

export interface ChangedTask {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: number;
}

/** The tasks of a board whose last change is after `since`, in milliseconds since 1970. */
export function tasksChangedSince(database: Database, boardId: string, since: number): ChangedTask[] {
  return database
    .prepare<[string, number], ChangedTask>(
      `SELECT tasks.id, title, updated_at AS updatedAt FROM tasks JOIN lists ON lists.id = list_id
       WHERE board_id = ? AND updated_at > ? ORDER BY updated_at`,
    )
    .all(boardId, since);
}
