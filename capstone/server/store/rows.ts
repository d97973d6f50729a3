// What the tables hold, and the shapes that travel.
import type { BoardEvent, Comment, List, Task } from "../../board/events.ts";

export interface TaskRow extends Omit<Task, "updatedAt" | "labels"> {
  readonly boardId: string;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
  /** A JSON array. */
  readonly labels: string;
  /** The version at which the title last changed, and who changed it. Null: who made the task. */
  readonly titleVersion: number;
  readonly titleBy: string | null;
  readonly descriptionVersion: number;
  readonly descriptionBy: string | null;
  /** The seq of the last move. */
  readonly movedSeq: number;
  readonly movedBy: string | null;
}

export interface ListRow extends List {
  readonly boardId: string;
}

export interface CommentRow extends Omit<Comment, "at"> {
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface EventRow extends Omit<BoardEvent, "at" | "data"> {
  readonly at: number;
  readonly data: string;
}

const NO_LABELS: readonly string[] = [];

export function toTask(row: TaskRow): Task {
  const { id, listId, title, description, assigneeId, labels, dueOn, position, version } = row;
  return {
    id,
    listId,
    title,
    description,
    assigneeId,
    labels: labels === "[]" ? NO_LABELS : JSON.parse(labels),
    dueOn,
    position,
    version,
    updatedAt: isoTime(row.updatedAt),
    createdBy: row.createdBy,
  };
}

export function toList({ id, name, position }: ListRow): List {
  return { id, name, position };
}

export function toComment({ id, taskId, authorId, text, at }: CommentRow): Comment {
  return { id, taskId, authorId, text, at: isoTime(at) };
}

export function toEvent({ seq, type, boardId, actorId, at, data }: EventRow): BoardEvent {
  return { seq, type, boardId, actorId, at: isoTime(at), data: complete(JSON.parse(data)) } as BoardEvent;
}

/** A board that was begun with a chapter has events of tasks that say less. */
function complete(data: { task?: Partial<Task> }): object {
  const { task } = data;
  if (task === undefined || task.labels !== undefined) return data;
  return {
    fromListId: task.listId,
    changed: [],
    ...data,
    task: { ...task, labels: NO_LABELS, dueOn: null, createdBy: "" },
  };
}

/** @param at milliseconds since 1970 */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}
