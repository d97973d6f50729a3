// What becomes of a command about a task. In the order of the log: each sees all that came before it.
import { randomUUID } from "node:crypto";
import { Refusal } from "../../../shared/refusal.ts";
import type { Answer, Command, TextConflict } from "../../board/commands.ts";
import type { Access } from "./access.ts";
import type { Step } from "./board-log.ts";
import type { Changes, TaskPatch } from "./changes.ts";
import { type Place, type Places, placeOf } from "./places.ts";
import { DetailedRefusal } from "./refused.ts";
import { lengthOf, type Room } from "./room.ts";
import { type TaskRow, toTask } from "./rows.ts";
import type { Statements } from "./statements.ts";

type CommandOf<Type extends Command["type"]> = Extract<Command, { type: Type }>;

/** Each throws a `Refusal`, or carries the command out and returns its answer. */
export function createTaskDecisions(
  sql: Statements,
  access: Access,
  places: Places,
  changes: Changes,
  room: Room,
) {
  /** A task as it is after the change. */
  function answer(status: number, taskId: string): Answer {
    const task = sql.task.get(taskId);
    if (!task) throw new Error(`The task "${taskId}" is not there after its change.`);
    return { status, body: toTask(task) };
  }

  function checkAssignee(boardId: string, userId: string | null): void {
    if (userId === null || access.roleOf(userId, boardId)) return;
    throw new Refusal("invalid", `"${userId}" is not a member of this board.`);
  }

  function createTask(step: Step, { task }: CommandOf<"create_task">): Answer {
    const { id = randomUUID(), listId, title, description = "", assigneeId = null } = task;
    const { boardId } = access.list(step.userId, listId);
    if (sql.task.get(id) || sql.deletion.get("task", id)) {
      throw new Refusal("exists", "This id is taken by another task.");
    }
    checkAssignee(boardId, assigneeId);
    room.forTasks(boardId, 1);
    room.forTexts(boardId, title, description);
    const { labels = [], dueOn = null } = task;
    const said = { title, description, assigneeId, labels: JSON.stringify(labels), dueOn };
    const position = places.ofTask(listId, id, placeOf(task));
    changes.createTask(step, { id, boardId, listId, position, ...said, ...newTask(step) });
    return answer(201, id);
  }

  /**
   * Each field is last-writer-wins by itself. Only a text that was edited from a version that it no longer has is a conflict: then
   * nothing of the command is done. What is as it is wanted already stays as it is, without an event.
   */
  function updateTask(step: Step, { taskId, change }: CommandOf<"update_task">): Answer {
    const task = access.task(step.userId, taskId);
    const patch = differences(task, change);
    const conflicts = conflictsOf(task, patch, change.version);
    if (conflicts.length > 0) {
      const names = conflicts.map(({ field }) => field).join(" and ");
      const message = `Somebody has changed the ${names} since version ${change.version}.`;
      throw new DetailedRefusal("version_conflict", message, { conflicts, version: task.version });
    }
    if (patch.assigneeId !== undefined) checkAssignee(task.boardId, patch.assigneeId);
    // What is made shorter always has room.
    const longer = lengthOf([patch.title ?? "", patch.description ?? ""]) - lengthOf(replacedBy(task, patch));
    if (longer > 0) room.forTexts(task.boardId, patch.title ?? "", patch.description ?? "");
    if (Object.keys(patch).length > 0) changes.updateTask(step, task, patch);
    return answer(200, taskId);
  }

  /** The later one of two moves wins. If its mover had not seen the earlier one, the event says whose move that was. */
  function moveTask(step: Step, { taskId, place }: CommandOf<"move_task">): Answer {
    const task = access.task(step.userId, taskId);
    const list = access.list(step.userId, place.listId);
    // The same answer as for no list at all: whoever asks may not be allowed to know that there is one.
    if (list.boardId !== task.boardId) throw new Refusal("not_found", "There is no such list.");
    if (isThere(task, place)) return answer(200, taskId);
    const position = places.ofTask(list.id, taskId, placeOf(place));
    const isOverruling = task.movedBy !== null && task.movedBy !== step.userId && place.seen !== undefined;
    const overruled = isOverruling && task.movedSeq > (place.seen ?? 0) ? task.movedBy : undefined;
    changes.moveTask(step, task, list.id, position, overruled ?? undefined);
    return answer(200, taskId);
  }

  function isThere(task: TaskRow, { listId, ...place }: Place & { listId: string }): boolean {
    if (task.listId !== listId) return false;
    return places.isTaskAt(listId, task.id, task.position, placeOf(place));
  }

  function deleteTask(step: Step, { taskId }: CommandOf<"delete_task">): Answer {
    changes.deleteTask(step, access.task(step.userId, taskId));
    return { status: 204 };
  }

  function addComment(step: Step, { taskId, comment }: CommandOf<"add_comment">): Answer {
    const { boardId } = access.task(step.userId, taskId);
    const { id = randomUUID(), text } = comment;
    if (sql.comment.get(id) || sql.deletion.get("comment", id)) {
      throw new Refusal("exists", "This id is taken by another comment.");
    }
    room.forCommentOn(boardId, taskId);
    room.forTexts(boardId, text);
    const row = { id, taskId, authorId: step.userId, text, at: step.at };
    return { status: 201, body: changes.addComment(step, boardId, row).data.comment };
  }

  /** One's own; owners delete everybody's. */
  function deleteComment(step: Step, { commentId }: CommandOf<"delete_comment">): Answer {
    const { boardId, ...comment } = access.comment(step.userId, commentId);
    if (comment.authorId !== step.userId && access.roleOf(step.userId, boardId) !== "owner") {
      throw new Refusal("forbidden", "Only its author or an owner of the board may delete a comment.");
    }
    changes.deleteComment(step, boardId, comment);
    return { status: 204 };
  }

  return { createTask, updateTask, moveTask, deleteTask, addComment, deleteComment };
}

/** What a task begins with. */
export function newTask({ userId, at }: Step) {
  const versions = { version: 1, titleVersion: 1, titleBy: null, descriptionVersion: 1, descriptionBy: null };
  return { ...versions, updatedAt: at, createdBy: userId, movedSeq: 0, movedBy: null };
}

/** The texts that a change takes away. */
function replacedBy({ title, description }: TaskRow, patch: TaskPatch): string[] {
  return [patch.title === undefined ? "" : title, patch.description === undefined ? "" : description];
}

/** What a change would really make different. */
function differences(task: TaskRow, change: CommandOf<"update_task">["change"]): TaskPatch {
  const { version: _, labels, ...rest } = change;
  const wanted = { ...rest, ...(labels && { labels: JSON.stringify(labels) }) };
  const different = Object.entries(wanted).filter(
    ([field, value]) => value !== undefined && value !== task[field as keyof TaskPatch],
  );
  return Object.fromEntries(different) as TaskPatch;
}

/** Texts that somebody has changed after the version that was edited. */
function conflictsOf(task: TaskRow, patch: TaskPatch, version = Number.POSITIVE_INFINITY): TextConflict[] {
  const conflicts: TextConflict[] = [];
  if (patch.title !== undefined && task.titleVersion > version) {
    const actorId = task.titleBy ?? task.createdBy;
    conflicts.push({ field: "title", yours: patch.title, theirs: task.title, actorId });
  }
  if (patch.description !== undefined && task.descriptionVersion > version) {
    const actorId = task.descriptionBy ?? task.createdBy;
    conflicts.push({ field: "description", yours: patch.description, theirs: task.description, actorId });
  }
  return conflicts;
}
