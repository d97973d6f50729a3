// A board, and what an event makes of it. The server's tables, a client's view and the tests' oracle are all this fold.
import type { Board, BoardEvent, Comment, List, Member, Snapshot, Task } from "./events.ts";

export interface BoardState {
  readonly board: Board;
  /** In the order of their positions. */
  readonly lists: readonly List[];
  readonly tasks: ReadonlyMap<string, Task>;
  /** In the order in which they were added. */
  readonly comments: ReadonlyMap<string, Comment>;
  /** The last event that is in it. */
  readonly seq: number;
}

export function stateOf({ board, lists, tasks, comments, seq }: Snapshot): BoardState {
  return { board, lists, tasks: byId(tasks), comments: byId(comments), seq };
}

/** Nothing in `state` is changed: what an event does not concern is the same object before and after. */
export function applyEvent(state: BoardState, event: BoardEvent): BoardState {
  return { ...change(state, event), seq: event.seq };
}

function change(state: BoardState, { type, data }: BoardEvent): BoardState {
  switch (type) {
    case "board_renamed":
      return renameBoard(state, data.name);
    case "list_created":
    case "list_renamed":
    case "list_moved":
      return putList(state, data.list);
    case "list_deleted":
      return removeList(state, data.listId);
    case "list_restored":
      return putTasks(putList(state, data.list), data.tasks, data.comments);
    case "lists_rebalanced":
      return { ...state, lists: inOrder(state.lists.map((list) => reposition(list, data.positions))) };
    case "task_created":
    case "task_updated":
    case "task_moved":
      return putTask(state, data.task);
    case "task_deleted":
      return removeTasks(state, [data.taskId]);
    case "task_restored":
      return putTasks(state, [data.task], data.comments);
    case "tasks_rebalanced": {
      const tasks = [...state.tasks.values()];
      return { ...state, tasks: byId(tasks.map((task) => reposition(task, data.positions))) };
    }
    case "comment_added":
      return putComment(state, data.comment);
    case "comment_deleted":
      return removeComment(state, data.commentId);
    case "member_added":
    case "member_changed":
      return putMember(state, data.member);
    case "member_removed":
      return withMembers(
        state,
        state.board.members.filter(({ userId }) => userId !== data.userId),
      );
    default:
      // What a newer server has said: it has a seq, and that counts.
      return state;
  }
}

export function renameBoard(state: BoardState, name: string): BoardState {
  return { ...state, board: { ...state.board, name } };
}

export function putList(state: BoardState, list: List): BoardState {
  return { ...state, lists: inOrder([...state.lists.filter(({ id }) => id !== list.id), list]) };
}

export function removeList(state: BoardState, listId: string): BoardState {
  const gone = [...state.tasks.values()].filter((task) => task.listId === listId);
  const without = { ...state, lists: state.lists.filter(({ id }) => id !== listId) };
  return removeTasks(
    without,
    gone.map(({ id }) => id),
  );
}

export function putTask(state: BoardState, task: Task): BoardState {
  return { ...state, tasks: new Map(state.tasks).set(task.id, task) };
}

/** Each map is copied once for all of them: they can be thousands. */
function putTasks(state: BoardState, tasks: readonly Task[], comments: readonly Comment[]): BoardState {
  return {
    ...state,
    tasks: tasks.length === 0 ? state.tasks : withAll(state.tasks, tasks),
    comments: comments.length === 0 ? state.comments : withAll(state.comments, comments),
  };
}

export function removeTasks(state: BoardState, taskIds: readonly string[]): BoardState {
  if (taskIds.length === 0) return state;
  const gone = new Set(taskIds);
  const tasks = new Map([...state.tasks].filter(([id]) => !gone.has(id)));
  const comments = new Map([...state.comments].filter(([, { taskId }]) => !gone.has(taskId)));
  return { ...state, tasks, comments: comments.size === state.comments.size ? state.comments : comments };
}

export function putComment(state: BoardState, comment: Comment): BoardState {
  return { ...state, comments: new Map(state.comments).set(comment.id, comment) };
}

export function removeComment(state: BoardState, commentId: string): BoardState {
  const comments = new Map(state.comments);
  comments.delete(commentId);
  return { ...state, comments };
}

function putMember(state: BoardState, member: Member): BoardState {
  const others = state.board.members.filter(({ userId }) => userId !== member.userId);
  return withMembers(
    state,
    [...others, member].sort((a, b) => compare(a.userId, b.userId)),
  );
}

function withMembers(state: BoardState, members: readonly Member[]): BoardState {
  return { ...state, board: { ...state.board, members } };
}

function reposition<T extends { readonly id: string; readonly position: string }>(
  each: T,
  positions: Readonly<Record<string, string>>,
): T {
  // An id can be "constructor", which every object has.
  const position = Object.hasOwn(positions, each.id) ? positions[each.id] : undefined;
  return position === undefined ? each : { ...each, position };
}

/** Bytewise, as SQLite compares them: never by locale. */
export function byPosition(a: { readonly position: string }, b: { readonly position: string }): number {
  return compare(a.position, b.position);
}

function inOrder(lists: readonly List[]): readonly List[] {
  return [...lists].sort(byPosition);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function byId<T extends { readonly id: string }>(all: readonly T[]): ReadonlyMap<string, T> {
  return new Map(all.map((each) => [each.id, each]));
}

function withAll<T extends { readonly id: string }>(
  map: ReadonlyMap<string, T>,
  all: readonly T[],
): ReadonlyMap<string, T> {
  const copy = new Map(map);
  for (const each of all) copy.set(each.id, each);
  return copy;
}
