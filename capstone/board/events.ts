// Grows ../../shared/events.ts: labels, due dates, comments, roles that change, and what it takes to undo something.
import type { Member, List as PlainList, Task as PlainTask } from "../../shared/events.ts";

export type { Cursor, Member, Role } from "../../shared/events.ts";

export type List = PlainList;

export interface Task extends PlainTask {
  /** Free words, each once, in the order in which they were given. */
  readonly labels: readonly string[];
  /** A calendar day, `2026-11-30`: it is the same day in every time zone. */
  readonly dueOn: string | null;
  /** The user who made it. */
  readonly createdBy: string;
}

/** What can be changed of a task without moving it. Each field is last-writer-wins by itself. */
export type TaskField = "title" | "description" | "assigneeId" | "labels" | "dueOn";

export interface Comment {
  readonly id: string;
  readonly taskId: string;
  readonly authorId: string;
  readonly text: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface Board {
  readonly id: string;
  readonly name: string;
  readonly epoch: string;
  /** In the order of their ids. */
  readonly members: readonly Member[];
}

/** The whole board and the seq it is true at. Lists and tasks are in the order of their positions, comments in that of their times. */
export interface Snapshot {
  readonly board: Board;
  readonly lists: readonly List[];
  readonly tasks: readonly Task[];
  readonly comments: readonly Comment[];
  readonly seq: number;
}

/** What an event says that takes back another one. */
interface Undoing {
  /** The seq of the event that it takes back. */
  readonly undoes?: number;
}

interface EventData {
  board_renamed: { readonly name: string } & Undoing;
  list_created: { readonly list: List } & Undoing;
  list_renamed: { readonly list: List } & Undoing;
  list_moved: { readonly list: List } & Undoing;
  /** The list's tasks and their comments went with it. */
  list_deleted: { readonly listId: string; readonly name: string } & Undoing;
  /** A deletion was taken back: with everything that was in the list. */
  list_restored: {
    readonly list: List;
    readonly tasks: readonly Task[];
    readonly comments: readonly Comment[];
  } & Undoing;
  /** Positions had become too long, and all lists of the board got new ones. The order is the same. */
  lists_rebalanced: { readonly positions: Readonly<Record<string, string>> };
  task_created: { readonly task: Task } & Undoing;
  task_updated: { readonly task: Task; readonly changed: readonly TaskField[] } & Undoing;
  task_moved: {
    readonly task: Task;
    readonly fromListId: string;
    /** Who had moved it in the meantime: the mover had not seen that yet, and has won because the log is in this order. */
    readonly overruled?: string;
  } & Undoing;
  /** Its comments went with it. */
  task_deleted: { readonly taskId: string; readonly listId: string; readonly title: string } & Undoing;
  task_restored: { readonly task: Task; readonly comments: readonly Comment[] } & Undoing;
  /** As `lists_rebalanced`, for the tasks of one list. By task id. */
  tasks_rebalanced: { readonly listId: string; readonly positions: Readonly<Record<string, string>> };
  comment_added: { readonly comment: Comment } & Undoing;
  comment_deleted: { readonly commentId: string; readonly taskId: string } & Undoing;
  member_added: { readonly member: Member };
  /** Another role. */
  member_changed: { readonly member: Member };
  member_removed: { readonly userId: string };
}

export type EventType = keyof EventData;

/** The data that goes with an event type. */
export type DataOf<Type extends EventType> = EventData[Type];

/** A durable fact about a board: the same JSON on every transport. */
export type BoardEvent<Type extends EventType = EventType> = {
  [T in Type]: {
    /** Per board and dense: 1, 2, 3… */
    readonly seq: number;
    readonly type: T;
    readonly boardId: string;
    /** The user who did it. */
    readonly actorId: string;
    /** When it was made: ISO 8601, UTC. Not an order: only `seq` is. */
    readonly at: string;
    readonly data: EventData[T];
  };
}[Type];
