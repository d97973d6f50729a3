// The cards of each list, in order. What has not changed is the same object as before: the page draws only what is new.
import { type BoardState, byPosition } from "../board/board-state.ts";
import type { Comment, Task } from "../board/events.ts";

export type Columns = ReadonlyMap<string, readonly Task[]>;

const NOTHING: readonly Task[] = [];

export function columnsOf(view: BoardState, before: Columns): Columns {
  const columns = new Map<string, Task[]>(view.lists.map(({ id }) => [id, []]));
  for (const task of view.tasks.values()) columns.get(task.listId)?.push(task);
  const after = new Map<string, readonly Task[]>();
  for (const [listId, tasks] of columns) {
    if (!isInOrder(tasks)) tasks.sort(byPosition);
    const old = before.get(listId) ?? NOTHING;
    after.set(listId, isEqual(old, tasks) ? old : tasks);
  }
  return after;
}

/** The lists in which the order, or what is in it, is another one. What a card says does not matter. */
export function reordered(before: Columns, after: Columns): string[] {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => {
    const old = before.get(id) ?? NOTHING;
    const now = after.get(id) ?? NOTHING;
    return (
      old !== now && (old.length !== now.length || now.some((task, index) => task.id !== old[index]?.id))
    );
  });
}

/** How many comments each task has. */
export function countComments(comments: Iterable<Comment>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { taskId } of comments) counts.set(taskId, (counts.get(taskId) ?? 0) + 1);
  return counts;
}

/** As they nearly always are: then nothing has to be sorted. */
function isInOrder(tasks: readonly Task[]): boolean {
  return tasks.every((task, index) => index === 0 || byPosition(tasks[index - 1] ?? task, task) <= 0);
}

function isEqual(a: readonly Task[], b: readonly Task[]): boolean {
  return a.length === b.length && a.every((task, index) => task === b[index]);
}
