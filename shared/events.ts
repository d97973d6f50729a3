// The shapes that travel: a board, its lists and tasks, and the events that change them.

export interface Board {
  readonly id: string;
  readonly name: string;
  /** Names the log that the seqs belong to. See `Cursor`. */
  readonly epoch: string;
  readonly members: readonly Member[];
}

export type Role = "owner" | "editor" | "viewer";

export interface Member {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
}

export interface List {
  readonly id: string;
  readonly name: string;
  /** A fractional index: compare bytewise (`<` on these ASCII strings), never as a number. */
  readonly position: string;
}

export interface Task {
  readonly id: string;
  readonly listId: string;
  readonly title: string;
  readonly description: string;
  readonly assigneeId: string | null;
  /** A fractional index within the list: compare bytewise. */
  readonly position: string;
  /** Goes up by one with every change of title, description or assignee. */
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
}

/** The whole board and the seq it is true at. Lists and tasks are in the order of their positions. */
export interface Snapshot {
  readonly board: Board;
  readonly lists: readonly List[];
  readonly tasks: readonly Task[];
  readonly seq: number;
}

/** How far a client has come: the last seq it applied, and the log that this seq belongs to. */
export interface Cursor {
  readonly epoch: string;
  readonly seq: number;
}

interface EventData {
  board_renamed: { readonly name: string };
  list_created: { readonly list: List };
  list_renamed: { readonly list: List };
  list_moved: { readonly list: List };
  /** The list's tasks went with it. */
  list_deleted: { readonly listId: string };
  task_created: { readonly task: Task };
  task_updated: { readonly task: Task };
  task_moved: { readonly task: Task };
  task_deleted: { readonly taskId: string; readonly listId: string };
  member_added: { readonly member: Member };
  member_removed: { readonly userId: string };
}

export type EventType = keyof EventData;

/** All of them, for those who have to name each. */
export const EVENT_TYPES = [
  "board_renamed",
  "list_created",
  "list_renamed",
  "list_moved",
  "list_deleted",
  "task_created",
  "task_updated",
  "task_moved",
  "task_deleted",
  "member_added",
  "member_removed",
] as const satisfies readonly EventType[];

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

/** The data that goes with an event type. */
export type DataOf<Type extends EventType> = EventData[Type];
