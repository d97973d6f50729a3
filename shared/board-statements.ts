import type { Database } from "./database.ts";
import type { BoardEvent, Cursor, List, Member, Role, Task } from "./events.ts";

export interface TaskRow extends Omit<Task, "updatedAt"> {
  readonly boardId: string;
  readonly updatedAt: number;
}

export interface ListRow extends List {
  readonly boardId: string;
}

export interface EventRow extends Omit<BoardEvent, "at" | "data"> {
  readonly at: number;
  readonly data: string;
}

/** Every statement, prepared once: compiled when the program starts, and a typo is found then too. */
export function prepareStatements(database: Database) {
  type Text = string;
  type Position = { position: string };
  return {
    user: database.prepare<[Text], { name: string }>("SELECT name FROM users WHERE id = ?"),
    head: database.prepare<[Text], Cursor>("SELECT epoch, seq FROM boards WHERE id = ?"),
    board: database.prepare<[Text], { id: string; name: string; epoch: string; seq: number }>(
      "SELECT id, name, epoch, seq FROM boards WHERE id = ?",
    ),
    renameBoard: database.prepare<[Text, Text]>("UPDATE boards SET name = ? WHERE id = ?"),

    nextSeq: database.prepare<[Text], { seq: number }>(
      "UPDATE boards SET seq = seq + 1 WHERE id = ? RETURNING seq",
    ),
    appendEvent: database.prepare<[Text, number, Text, Text, Text, number]>(
      "INSERT INTO events (board_id, seq, type, data, actor_id, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    eventsAfter: database.prepare<[Text, number, number], EventRow>(
      `SELECT seq, type, board_id AS boardId, actor_id AS actorId, created_at AS at, data
       FROM events WHERE board_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
    ),

    member: database.prepare<[Text, Text], { role: Role }>(
      "SELECT role FROM board_members WHERE board_id = ? AND user_id = ?",
    ),
    members: database.prepare<[Text], Member>(
      `SELECT user_id AS userId, name, role FROM board_members JOIN users ON users.id = user_id
       WHERE board_id = ? ORDER BY user_id`,
    ),
    insertMember: database.prepare<[Text, Text, Text]>(
      "INSERT INTO board_members (board_id, user_id, role) VALUES (?, ?, ?)",
    ),
    deleteMember: database.prepare<[Text, Text]>(
      "DELETE FROM board_members WHERE board_id = ? AND user_id = ?",
    ),

    list: database.prepare<[Text], ListRow>(
      "SELECT id, name, position, board_id AS boardId FROM lists WHERE id = ?",
    ),
    lists: database.prepare<[Text], ListRow>(
      "SELECT id, name, position, board_id AS boardId FROM lists WHERE board_id = ? ORDER BY position",
    ),
    insertList: database.prepare<[Text, Text, Text, Text]>(
      "INSERT INTO lists (id, board_id, name, position) VALUES (?, ?, ?, ?)",
    ),
    renameList: database.prepare<[Text, Text]>("UPDATE lists SET name = ? WHERE id = ?"),
    moveList: database.prepare<[Text, Text]>("UPDATE lists SET position = ? WHERE id = ?"),
    deleteList: database.prepare<[Text]>("DELETE FROM lists WHERE id = ?"),
    listsOfBoard: {
      positionOf: database.prepare<[Text, Text], Position>(
        "SELECT position FROM lists WHERE board_id = ? AND id = ?",
      ),
      next: database.prepare<[Text, Text, Text], Position>(
        "SELECT position FROM lists WHERE board_id = ? AND position > ? AND id <> ? ORDER BY position LIMIT 1",
      ),
      previous: database.prepare<[Text, Text, Text], Position>(
        "SELECT position FROM lists WHERE board_id = ? AND position < ? AND id <> ? ORDER BY position DESC LIMIT 1",
      ),
      last: database.prepare<[Text, Text], Position>(
        "SELECT position FROM lists WHERE board_id = ? AND id <> ? ORDER BY position DESC LIMIT 1",
      ),
    },

    task: database.prepare<[Text], TaskRow>(
      `SELECT tasks.id, list_id AS listId, title, description, assignee_id AS assigneeId, tasks.position, version,
              updated_at AS updatedAt, board_id AS boardId
       FROM tasks JOIN lists ON lists.id = list_id WHERE tasks.id = ?`,
    ),
    tasks: database.prepare<[Text], TaskRow>(
      `SELECT tasks.id, list_id AS listId, title, description, assignee_id AS assigneeId, tasks.position, version,
              updated_at AS updatedAt, board_id AS boardId
       FROM tasks JOIN lists ON lists.id = list_id WHERE board_id = ? ORDER BY lists.position, tasks.position`,
    ),
    insertTask: database.prepare<[Text, Text, Text, Text, Text | null, Text, number]>(
      `INSERT INTO tasks (id, list_id, title, description, assignee_id, position, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    updateTask: database.prepare<[Text, Text, Text | null, number, Text]>(
      `UPDATE tasks SET title = ?, description = ?, assignee_id = ?, updated_at = ?, version = version + 1
       WHERE id = ?`,
    ),
    moveTask: database.prepare<[Text, Text, number, Text]>(
      "UPDATE tasks SET list_id = ?, position = ?, updated_at = ? WHERE id = ?",
    ),
    deleteTask: database.prepare<[Text]>("DELETE FROM tasks WHERE id = ?"),
    tasksOfList: {
      positionOf: database.prepare<[Text, Text], Position>(
        "SELECT position FROM tasks WHERE list_id = ? AND id = ?",
      ),
      next: database.prepare<[Text, Text, Text], Position>(
        "SELECT position FROM tasks WHERE list_id = ? AND position > ? AND id <> ? ORDER BY position LIMIT 1",
      ),
      previous: database.prepare<[Text, Text, Text], Position>(
        "SELECT position FROM tasks WHERE list_id = ? AND position < ? AND id <> ? ORDER BY position DESC LIMIT 1",
      ),
      last: database.prepare<[Text, Text], Position>(
        "SELECT position FROM tasks WHERE list_id = ? AND id <> ? ORDER BY position DESC LIMIT 1",
      ),
    },
  };
}
