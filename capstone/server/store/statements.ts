// Grows ../../../shared/board-statements.ts: labels, due dates, comments, what was deleted, and what takes an event back.
import { prepareStatements as preparePlainStatements } from "../../../shared/board-statements.ts";
import type { Database } from "../../../shared/database.ts";
import type { Member, Role } from "../../board/events.ts";
import type { CommentRow, EventRow, TaskRow } from "./rows.ts";

type Text = string;

/** The columns of a `TaskRow`, from tasks and lists. */
export const TASK = `tasks.id, list_id AS listId, title, description, assignee_id AS assigneeId, labels, due_on AS dueOn,
  tasks.position, version, updated_at AS updatedAt, created_by AS createdBy, board_id AS boardId,
  title_version AS titleVersion, title_by AS titleBy, description_version AS descriptionVersion,
  description_by AS descriptionBy, moved_seq AS movedSeq, moved_by AS movedBy`;
const TASKS = `SELECT ${TASK} FROM tasks JOIN lists ON lists.id = list_id`;

const COMMENT = "comments.id, task_id AS taskId, author_id AS authorId, text, comments.created_at AS at";

const EVENT = "seq, type, board_id AS boardId, actor_id AS actorId, created_at AS at, data";

/** What can be deleted, and whose id stays taken. */
export type Kind = "task" | "list" | "comment";

export type Statements = ReturnType<typeof prepareStatements>;

/** Every statement that changes or reads boards, prepared once. Names in the order of the parameters. */
export function prepareStatements(database: Database) {
  return {
    ...preparePlainStatements(database),

    /** `(boardId, seq, type, data, actorId, at, subjectId, undo)` */
    appendEvent: database.prepare<[Text, number, Text, Text, Text, number, Text | null, Text | null]>(
      `INSERT INTO events (board_id, seq, type, data, actor_id, created_at, subject_id, undo)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    event: database.prepare<[Text, number], EventRow & { undo: Text | null; undoneBy: number | null }>(
      `SELECT ${EVENT}, undo, undone_by AS undoneBy FROM events WHERE board_id = ? AND seq = ?`,
    ),
    /** `(undoneBy, boardId, seq)` */
    markUndone: database.prepare<[number, Text, number]>(
      "UPDATE events SET undone_by = ? WHERE board_id = ? AND seq = ?",
    ),
    /** The last event about something that is not by this user: `(boardId, subjectId, afterSeq, userId)`. */
    eventByOthers: database.prepare<[Text, Text, number, Text], { actorId: Text }>(
      `SELECT actor_id AS actorId FROM events
       WHERE board_id = ? AND subject_id = ? AND seq > ? AND actor_id <> ? ORDER BY seq DESC LIMIT 1`,
    ),
    eventsBefore: database.prepare<[Text, number, number], EventRow>(
      `SELECT ${EVENT} FROM events WHERE board_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
    ),
    pruneEvents: database.prepare<[Text, number]>("DELETE FROM events WHERE board_id = ? AND seq <= ?"),
    pruneDeletions: database.prepare<[Text, number]>("DELETE FROM deletions WHERE board_id = ? AND seq <= ?"),

    memberOf: database.prepare<[Text, Text], Member>(
      `SELECT user_id AS userId, name, role FROM board_members JOIN users ON users.id = user_id
       WHERE board_id = ? AND user_id = ?`,
    ),
    changeRole: database.prepare<[Role, Text, Text]>(
      "UPDATE board_members SET role = ? WHERE board_id = ? AND user_id = ?",
    ),
    withdrawInvitations: database.prepare<[Text]>("DELETE FROM invitations WHERE board_id = ?"),
    countMembers: database
      .prepare<[Text], number>("SELECT count(*) FROM board_members WHERE board_id = ?")
      .pluck(),
    countOwners: database
      .prepare<[Text], number>("SELECT count(*) FROM board_members WHERE board_id = ? AND role = 'owner'")
      .pluck(),

    countLists: database.prepare<[Text], number>("SELECT count(*) FROM lists WHERE board_id = ?").pluck(),
    listsRebalanced: database
      .prepare<[Text], number>("SELECT rebalanced_seq FROM boards WHERE id = ?")
      .pluck(),
    markListsRebalanced: database.prepare<[number, Text]>(
      "UPDATE boards SET rebalanced_seq = ? WHERE id = ?",
    ),
    tasksRebalanced: database
      .prepare<[Text], number>("SELECT rebalanced_seq FROM lists WHERE id = ?")
      .pluck(),
    markTasksRebalanced: database.prepare<[number, Text]>("UPDATE lists SET rebalanced_seq = ? WHERE id = ?"),
    listAt: database.prepare<[Text, Text], { id: Text }>(
      "SELECT id FROM lists WHERE board_id = ? AND position = ?",
    ),
    listBefore: database.prepare<[Text, Text], { id: Text }>(
      "SELECT id FROM lists WHERE board_id = ? AND position < ? ORDER BY position DESC LIMIT 1",
    ),
    repositionList: database.prepare<[Text, Text]>("UPDATE lists SET position = ? WHERE id = ?"),

    task: database.prepare<[Text], TaskRow>(`${TASKS} WHERE tasks.id = ?`),
    tasks: database.prepare<[Text], TaskRow>(
      `${TASKS} WHERE board_id = ? ORDER BY lists.position, tasks.position`,
    ),
    tasksInList: database.prepare<[Text], TaskRow>(`${TASKS} WHERE list_id = ? ORDER BY tasks.position`),
    countTasks: database
      .prepare<[Text], number>(
        "SELECT count(*) FROM tasks JOIN lists ON lists.id = list_id WHERE board_id = ?",
      )
      .pluck(),
    insertTask: database.prepare<[TaskRow]>(
      `INSERT INTO tasks (id, list_id, title, description, assignee_id, labels, due_on, position, version, updated_at,
         created_by, title_version, title_by, description_version, description_by, moved_seq, moved_by)
       VALUES (@id, @listId, @title, @description, @assigneeId, @labels, @dueOn, @position, @version, @updatedAt,
         @createdBy, @titleVersion, @titleBy, @descriptionVersion, @descriptionBy, @movedSeq, @movedBy)`,
    ),
    updateTask: database.prepare<[TaskRow]>(
      `UPDATE tasks SET title = @title, description = @description, assignee_id = @assigneeId, labels = @labels,
         due_on = @dueOn, version = @version, updated_at = @updatedAt, title_version = @titleVersion, title_by = @titleBy,
         description_version = @descriptionVersion, description_by = @descriptionBy WHERE id = @id`,
    ),
    /** `(listId, position, at, movedSeq, movedBy, id)` */
    moveTask: database.prepare<[Text, Text, number, number, Text, Text]>(
      "UPDATE tasks SET list_id = ?, position = ?, updated_at = ?, moved_seq = ?, moved_by = ? WHERE id = ?",
    ),
    taskAt: database.prepare<[Text, Text], { id: Text }>(
      "SELECT id FROM tasks WHERE list_id = ? AND position = ?",
    ),
    taskBefore: database.prepare<[Text, Text], { id: Text }>(
      "SELECT id FROM tasks WHERE list_id = ? AND position < ? ORDER BY position DESC LIMIT 1",
    ),
    repositionTask: database.prepare<[Text, Text]>("UPDATE tasks SET position = ? WHERE id = ?"),

    comment: database.prepare<[Text], CommentRow & { boardId: Text }>(
      `SELECT ${COMMENT}, board_id AS boardId FROM comments JOIN tasks ON tasks.id = task_id
       JOIN lists ON lists.id = list_id WHERE comments.id = ?`,
    ),
    comments: database.prepare<[Text], CommentRow>(
      `SELECT ${COMMENT} FROM comments JOIN tasks ON tasks.id = task_id JOIN lists ON lists.id = list_id
       WHERE board_id = ? ORDER BY comments.created_at, comments.rowid`,
    ),
    commentsOfTask: database.prepare<[Text], CommentRow>(
      `SELECT ${COMMENT} FROM comments WHERE task_id = ? ORDER BY created_at, rowid`,
    ),
    countComments: database
      .prepare<[Text], number>("SELECT count(*) FROM comments WHERE task_id = ?")
      .pluck(),
    countCommentsOfBoard: database
      .prepare<[Text], number>(
        `SELECT count(*) FROM comments JOIN tasks ON tasks.id = task_id JOIN lists ON lists.id = list_id
         WHERE board_id = ?`,
      )
      .pluck(),
    /** In characters. */
    textOfBoard: database
      .prepare<[{ boardId: Text }], number>(
        `SELECT (SELECT coalesce(sum(length(title) + length(description)), 0) FROM tasks
                 JOIN lists ON lists.id = list_id WHERE board_id = @boardId)
              + (SELECT coalesce(sum(length(text)), 0) FROM comments JOIN tasks ON tasks.id = task_id
                 JOIN lists ON lists.id = list_id WHERE board_id = @boardId)`,
      )
      .pluck(),
    insertComment: database.prepare<[CommentRow]>(
      "INSERT INTO comments (id, task_id, author_id, text, created_at) VALUES (@id, @taskId, @authorId, @text, @at)",
    ),
    deleteComment: database.prepare<[Text]>("DELETE FROM comments WHERE id = ?"),

    /** `(kind, id)` */
    deletion: database.prepare<[Kind, Text], { boardId: Text; actorId: Text }>(
      "SELECT board_id AS boardId, actor_id AS actorId FROM deletions WHERE kind = ? AND id = ?",
    ),
    /** `(kind, id, boardId, actorId, seq)` */
    rememberDeletion: database.prepare<[Kind, Text, Text, Text, number]>(
      "INSERT OR REPLACE INTO deletions (kind, id, board_id, actor_id, seq) VALUES (?, ?, ?, ?, ?)",
    ),
    forgetDeletion: database.prepare<[Kind, Text]>("DELETE FROM deletions WHERE kind = ? AND id = ?"),
  };
}
