import { randomUUID } from "node:crypto";
import { type EventRow, type ListRow, prepareStatements, type TaskRow } from "./board-statements.ts";
import type { SentCursor } from "./cursor.ts";
import type { Database } from "./database.ts";
import type { BoardEvent, Cursor, DataOf, EventType, List, Role, Snapshot, Task } from "./events.ts";
import { decidePosition, type Placement } from "./positions.ts";
import { Refusal } from "./refusal.ts";
import { inTransaction } from "./transaction.ts";

export interface NewTask {
  /** Chosen by the caller, or a UUID. */
  readonly id?: string | undefined;
  readonly listId: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly assigneeId?: string | null | undefined;
}

export interface TaskChange {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly assigneeId?: string | null | undefined;
  /** The version that the caller saw. Given and no longer true: refused with `version_conflict`. */
  readonly version?: number | undefined;
}

/** A stretch of a board's log. */
export interface LogPage {
  /** In order, without a gap, starting right after the cursor. */
  readonly events: readonly BoardEvent[];
  /** Where the next page starts: the last event's seq, or the log's head when nothing was left. */
  readonly seq: number;
  /** Whether the log goes on after this page. */
  readonly more: boolean;
}

/** What one decided change writes to the log. */
interface Entry<Type extends EventType> {
  readonly boardId: string;
  readonly type: Type;
  readonly data: DataOf<Type>;
}

export type Boards = ReturnType<typeof createBoards>;

/**
 * Everything that can be done to a board. Each change is one `BEGIN IMMEDIATE` transaction that checks, changes,
 * and appends its event to the log; it returns that event, or a `Refusal` after which nothing has changed.
 *
 * @param now the clock, in milliseconds since 1970
 */
export function createBoards(database: Database, now: () => number = Date.now) {
  const sql = prepareStatements(database);

  function change<Type extends EventType>(
    actorId: string,
    decide: (at: number) => Entry<Type>,
  ): BoardEvent<Type> | Refusal {
    return inTransaction(database, () => {
      if (!sql.user.get(actorId)) throw new Refusal("invalid", `There is no user "${actorId}".`);
      const at = now();
      const { boardId, type, data } = decide(at);
      const { seq } = required(sql.nextSeq.get(boardId), "not_found", "There is no such board.");
      sql.appendEvent.run(boardId, seq, type, JSON.stringify(data), actorId, at);
      return { seq, type, boardId, actorId, at: new Date(at).toISOString(), data } as BoardEvent<Type>;
    });
  }

  function taskRow(taskId: string): TaskRow {
    return required(sql.task.get(taskId), "not_found", "There is no such task.");
  }

  function listRow(listId: string): ListRow {
    return required(sql.list.get(listId), "not_found", "There is no such list.");
  }

  function checkAssignee(boardId: string, userId: string | null | undefined): void {
    if (userId == null || sql.member.get(boardId, userId)) return;
    throw new Refusal("invalid", `"${userId}" is not a member of this board.`);
  }

  return {
    /** Adds a task at the end of its list. Refusals: `not_found`, `exists`, `invalid`, `busy`. */
    createTask(actorId: string, { id = randomUUID(), listId, title, ...rest }: NewTask) {
      const { description = "", assigneeId = null } = rest;
      return change(actorId, (at) => {
        const { boardId } = listRow(listId);
        if (sql.task.get(id)) throw new Refusal("exists", `There already is a task "${id}".`);
        checkAssignee(boardId, assigneeId);
        const position = decidePosition(sql.tasksOfList, listId, id, {});
        sql.insertTask.run(id, listId, title, description, assigneeId, position, at);
        return { boardId, type: "task_created", data: { task: toTask(taskRow(id)) } };
      });
    },

    /** Changes what a task says. Refusals: `not_found`, `version_conflict`, `invalid`, `busy`. */
    updateTask(actorId: string, taskId: string, wanted: TaskChange) {
      return change(actorId, (at) => {
        const task = taskRow(taskId);
        if (wanted.version !== undefined && wanted.version !== task.version) {
          throw new Refusal(
            "version_conflict",
            `The task is at version ${task.version}, not ${wanted.version}: read it again.`,
          );
        }
        checkAssignee(task.boardId, wanted.assigneeId);
        const { title = task.title, description = task.description } = wanted;
        const assigneeId = wanted.assigneeId === undefined ? task.assigneeId : wanted.assigneeId;
        sql.updateTask.run(title, description, assigneeId, at, taskId);
        return { boardId: task.boardId, type: "task_updated", data: { task: toTask(taskRow(taskId)) } };
      });
    },

    /** Moves a task within its list or to another list of its board. Refusals: `not_found`, `invalid`, `busy`. */
    moveTask(actorId: string, taskId: string, { listId, ...placement }: Placement & { listId: string }) {
      return change(actorId, (at) => {
        const { boardId } = taskRow(taskId);
        // The same answer for a list of another board: whoever asks may not be allowed to know that there is one.
        if (sql.list.get(listId)?.boardId !== boardId) {
          throw new Refusal("not_found", "There is no such list on this board.");
        }
        const position = decidePosition(sql.tasksOfList, listId, taskId, placement);
        sql.moveTask.run(listId, position, at, taskId);
        return { boardId, type: "task_moved", data: { task: toTask(taskRow(taskId)) } };
      });
    },

    /** Refusals: `not_found`, `invalid`, `busy`. */
    deleteTask(actorId: string, taskId: string) {
      return change(actorId, () => {
        const { boardId, listId } = taskRow(taskId);
        sql.deleteTask.run(taskId);
        return { boardId, type: "task_deleted", data: { taskId, listId } };
      });
    },

    /** Adds a list at the end of the board. Refusals: `not_found`, `exists`, `invalid`, `busy`. */
    createList(actorId: string, boardId: string, { id = randomUUID(), name }: { id?: string; name: string }) {
      return change(actorId, () => {
        required(sql.head.get(boardId), "not_found", "There is no such board.");
        if (sql.list.get(id)) throw new Refusal("exists", `There already is a list "${id}".`);
        sql.insertList.run(id, boardId, name, decidePosition(sql.listsOfBoard, boardId, id, {}));
        return { boardId, type: "list_created", data: { list: toList(listRow(id)) } };
      });
    },

    /** Refusals: `not_found`, `invalid`, `busy`. */
    renameList(actorId: string, listId: string, { name }: { name: string }) {
      return change(actorId, () => {
        const { boardId } = listRow(listId);
        sql.renameList.run(name, listId);
        return { boardId, type: "list_renamed", data: { list: toList(listRow(listId)) } };
      });
    },

    /** Moves a list among the lists of its board. Refusals: `not_found`, `invalid`, `busy`. */
    moveList(actorId: string, listId: string, placement: Placement) {
      return change(actorId, () => {
        const { boardId } = listRow(listId);
        sql.moveList.run(decidePosition(sql.listsOfBoard, boardId, listId, placement), listId);
        return { boardId, type: "list_moved", data: { list: toList(listRow(listId)) } };
      });
    },

    /** Deletes a list and the tasks in it. Refusals: `not_found`, `invalid`, `busy`. */
    deleteList(actorId: string, listId: string) {
      return change(actorId, () => {
        const { boardId } = listRow(listId);
        sql.deleteList.run(listId);
        return { boardId, type: "list_deleted", data: { listId } };
      });
    },

    /** Refusals: `not_found`, `invalid`, `busy`. */
    renameBoard(actorId: string, boardId: string, { name }: { name: string }) {
      return change(actorId, () => {
        sql.renameBoard.run(name, boardId);
        return { boardId, type: "board_renamed", data: { name } };
      });
    },

    /** Refusals: `not_found`, `exists`, `invalid` (no such user), `busy`. */
    addMember(
      actorId: string,
      boardId: string,
      { userId, role = "editor" }: { userId: string; role?: Role },
    ) {
      return change(actorId, () => {
        required(sql.head.get(boardId), "not_found", "There is no such board.");
        const { name } = required(sql.user.get(userId), "invalid", `There is no user "${userId}".`);
        if (sql.member.get(boardId, userId)) throw new Refusal("exists", `"${userId}" already is a member.`);
        sql.insertMember.run(boardId, userId, role);
        return { boardId, type: "member_added", data: { member: { userId, name, role } } };
      });
    },

    /** Tasks that were assigned to the member stay assigned. Refusals: `not_found`, `invalid`, `busy`. */
    removeMember(actorId: string, boardId: string, userId: string) {
      return change(actorId, () => {
        required(sql.member.get(boardId, userId), "not_found", "There is no such member.");
        sql.deleteMember.run(boardId, userId);
        return { boardId, type: "member_removed", data: { userId } };
      });
    },

    /** The end of a board's log: one row, cheap enough to ask before anything else. Refusal: `not_found`. */
    head(boardId: string): Cursor | Refusal {
      return sql.head.get(boardId) ?? new Refusal("not_found", "There is no such board.");
    },

    /** The board and the seq it is true at, read in one transaction. Refusal: `not_found`. */
    snapshot: database.transaction((boardId: string): Snapshot | Refusal => {
      const board = sql.board.get(boardId);
      if (!board) return new Refusal("not_found", "There is no such board.");
      const { id, name, epoch, seq } = board;
      return {
        board: { id, name, epoch, members: sql.members.all(boardId) },
        lists: sql.lists.all(boardId).map(toList),
        tasks: sql.tasks.all(boardId).map(toTask),
        seq,
      };
    }),

    /**
     * The events after a cursor, oldest first, at most `limit` of them.
     * Refusals: `not_found`; `cursor_gone` when the events right after the cursor are not all there: the cursor is
     * of another log, lies in the future, or is older than what the log still holds. Never a part of the answer.
     */
    eventsAfter: database.transaction(
      (boardId: string, cursor: SentCursor, limit: number): LogPage | Refusal => {
        const head = sql.head.get(boardId);
        if (!head) return new Refusal("not_found", "There is no such board.");
        if ((cursor.epoch ?? head.epoch) !== head.epoch) return gone("it belongs to another log");
        if (cursor.seq > head.seq) return gone("it lies in the future of this log");
        if (cursor.seq === head.seq) return { events: [], seq: head.seq, more: false };
        const events = sql.eventsAfter.all(boardId, cursor.seq, limit).map(toEvent);
        if (events[0]?.seq !== cursor.seq + 1) return gone("the log does not reach back that far");
        const seq = events.at(-1)?.seq ?? cursor.seq;
        return { events, seq, more: seq < head.seq };
      },
    ),
  };
}

function gone(reason: string): Refusal {
  return new Refusal(
    "cursor_gone",
    `The cursor cannot be honoured, because ${reason}: fetch the board again.`,
  );
}

function required<T>(value: T | undefined, code: Refusal["code"], message: string): T {
  if (value === undefined) throw new Refusal(code, message);
  return value;
}

function toTask({ boardId: _, updatedAt, ...task }: TaskRow): Task {
  return { ...task, updatedAt: new Date(updatedAt).toISOString() };
}

function toList({ boardId: _, ...list }: ListRow): List {
  return list;
}

function toEvent({ at, data, ...event }: EventRow): BoardEvent {
  return { ...event, at: new Date(at).toISOString(), data: JSON.parse(data) } as BoardEvent;
}
