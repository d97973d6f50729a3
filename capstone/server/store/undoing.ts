// Taking back an event of one's own, by a new event that does the opposite. What somebody else has done since is never undone with it.
import { Refusal } from "../../../shared/refusal.ts";
import type { Answer } from "../../board/commands.ts";
import type { BoardEvent, EventType, TaskField } from "../../board/events.ts";
import type { Access } from "./access.ts";
import type { Step, UndoOf } from "./board-log.ts";
import type { Changes, TaskPatch } from "./changes.ts";
import type { Places } from "./places.ts";
import type { Room } from "./room.ts";
import { type CommentRow, type ListRow, type TaskRow, toEvent } from "./rows.ts";
import type { Statements } from "./statements.ts";

/** An event that is to be taken back. */
type Past<Type extends EventType> = BoardEvent<Type> & { readonly undo: UndoOf[Type & keyof UndoOf] };
type Undo<Type extends keyof UndoOf> = (step: Step, event: Past<Type>) => BoardEvent;

/** What the fields are called in a sentence. */
const CALLED: Record<TaskField, string> = {
  title: "title",
  description: "description",
  assigneeId: "assignee",
  labels: "labels",
  dueOn: "due date",
};

export function createUndoing(sql: Statements, access: Access, places: Places, changes: Changes, room: Room) {
  /** Refusals: `not_found`, `forbidden`, `cursor_gone`, `cannot_undo`, `undo_conflict`. */
  function undo({ userId, at }: Step, boardId: string, seq: number): Answer {
    access.board(userId, boardId);
    const row = sql.event.get(boardId, seq);
    if (!row && seq > (sql.head.get(boardId)?.seq ?? 0)) {
      throw new Refusal("not_found", "There is no such event.");
    }
    if (!row) throw new Refusal("cursor_gone", "The log does not reach back that far.");
    if (row.actorId !== userId) throw new Refusal("forbidden", "Only what you did yourself can be undone.");
    if (row.undo === null) throw new Refusal("cannot_undo", "This cannot be undone.");
    if (row.undoneBy !== null) throw conflict("This has been undone already.");
    const past = { ...toEvent(row), undo: JSON.parse(row.undo) };
    const take = OPPOSITES[past.type as keyof UndoOf] as Undo<keyof UndoOf>;
    const event = take({ userId, at, undoes: seq }, past as Past<keyof UndoOf>);
    sql.markUndone.run(event.seq, boardId, seq);
    return { status: 200, body: { event } };
  }

  const OPPOSITES: { [Type in keyof UndoOf]: Undo<Type> } = {
    board_renamed(step, { boardId, data, undo }) {
      if (sql.board.get(boardId)?.name !== data.name) throw conflict("The board has been renamed since.");
      return changes.renameBoard(step, boardId, undo.name);
    },
    list_created: (step, event) => deleteList(step, event, event.data.list.id),
    list_restored: (step, event) => deleteList(step, event, event.data.list.id),
    list_renamed(step, { data, undo }) {
      const list = present("list", sql.list.get(data.list.id));
      if (list.name !== data.list.name) throw conflict("The list has been renamed since.");
      return changes.renameList(step, list, undo.name);
    },
    list_moved(step, event) {
      const list = present("list", sql.list.get(event.data.list.id));
      if (list.position !== event.data.list.position) refuseIfOthers(step, event, list.id, "list");
      return changes.moveList(step, list, places.formerOfList(list.boardId, list.id, event.undo, event.seq));
    },
    list_deleted(step, { boardId, undo, seq }) {
      if (sql.list.get(undo.list.id)) throw conflict("There is a list with this id again.");
      room.forList(boardId);
      checkRoom(boardId, undo.tasks, undo.comments);
      const { position } = undo.list;
      const place = places.formerOfList(boardId, undo.list.id, { position, afterId: undo.afterId }, seq);
      return changes.restoreList(step, { ...undo.list, position: place }, undo.tasks, undo.comments);
    },
    task_created: (step, event) => deleteTask(step, event, event.data.task.id),
    task_restored: (step, event) => deleteTask(step, event, event.data.task.id),
    task_updated: restoreFields,
    task_moved: moveBack,
    task_deleted(step, { boardId, undo, seq }) {
      const { task, afterId, comments } = undo;
      if (sql.task.get(task.id)) throw conflict("There is a task with this id again.");
      checkRoom(boardId, [task], comments);
      const list = sql.list.get(task.listId) ?? sql.lists.all(boardId)[0];
      if (!list) throw conflict("The list of the task has been deleted, and there is no other list.");
      const position =
        list.id === task.listId
          ? places.formerOfTask(list.id, task.id, { position: task.position, afterId }, seq)
          : places.ofTask(list.id, task.id, {});
      return changes.restoreTask(step, { ...task, listId: list.id, position, updatedAt: step.at }, comments);
    },
    comment_added(step, { boardId, data }) {
      const comment = present("comment", sql.comment.get(data.comment.id));
      return changes.deleteComment(step, boardId, comment);
    },
    comment_deleted(step, { boardId, undo: { comment } }) {
      present("task", sql.task.get(comment.taskId));
      room.forCommentOn(boardId, comment.taskId);
      room.forTexts(boardId, comment.text);
      return changes.addComment(step, boardId, comment);
    },
  };

  function deleteList(step: Step, event: BoardEvent, listId: string): BoardEvent {
    const list: ListRow = present("list", sql.list.get(listId));
    refuseIfOthers(step, event, listId, "list");
    for (const { id } of sql.tasksInList.all(listId)) refuseIfOthers(step, event, id, "list");
    return changes.deleteList(step, list);
  }

  function deleteTask(step: Step, event: BoardEvent, taskId: string): BoardEvent {
    const task = present("task", sql.task.get(taskId));
    refuseIfOthers(step, event, taskId, "task");
    return changes.deleteTask(step, task);
  }

  /** Each field that the event has changed has to be as the event left it. */
  function restoreFields(step: Step, { data, undo }: Past<"task_updated">): BoardEvent {
    const task = present("task", sql.task.get(data.task.id));
    const left: TaskPatch = { ...data.task, labels: JSON.stringify(data.task.labels) };
    for (const field of data.changed) {
      if (task[field] === left[field]) continue;
      throw conflict(`Somebody has changed the ${CALLED[field]} of the task since.`);
    }
    const { assigneeId } = undo.before;
    if (typeof assigneeId === "string" && !access.roleOf(assigneeId, task.boardId)) {
      throw conflict("Who the task was assigned to has left the board.");
    }
    return changes.updateTask(step, task, undo.before);
  }

  function moveBack(step: Step, { seq, data, undo }: Past<"task_moved">): BoardEvent {
    const task: TaskRow = present("task", sql.task.get(data.task.id));
    const isWhereItWasPut = task.listId === data.task.listId && task.position === data.task.position;
    if (!isWhereItWasPut && task.movedSeq > seq && task.movedBy !== step.userId) {
      throw conflict(`${nameOf(task.movedBy ?? "")} has moved the task since.`);
    }
    if (sql.list.get(undo.listId)?.boardId !== task.boardId) {
      throw conflict("The list that the task came from has been deleted.");
    }
    return changes.moveTask(step, task, undo.listId, places.formerOfTask(undo.listId, task.id, undo, seq));
  }

  /** What somebody else has worked on is not taken away from them. */
  function refuseIfOthers(step: Step, { boardId, seq }: BoardEvent, subjectId: string, noun: string): void {
    const other = sql.eventByOthers.get(boardId, subjectId, seq, step.userId);
    if (other) throw conflict(`${nameOf(other.actorId)} has changed the ${noun} since.`);
  }

  /** For what comes back. */
  function checkRoom(boardId: string, tasks: readonly TaskRow[], comments: readonly CommentRow[]): void {
    room.forTasks(boardId, tasks.length);
    room.forComments(boardId, comments.length);
    const texts = tasks.flatMap(({ title, description }) => [title, description]);
    room.forTexts(boardId, ...texts, ...comments.map(({ text }) => text));
  }

  const nameOf = (userId: string): string => sql.user.get(userId)?.name ?? userId;

  return { undo };
}

function present<Row>(noun: string, row: Row | undefined): Row {
  if (row === undefined) throw conflict(`The ${noun} has been deleted since.`);
  return row;
}

function conflict(message: string): Refusal {
  return new Refusal("undo_conflict", message);
}
