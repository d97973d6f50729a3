import type { BoardEvent, Snapshot } from "../events.ts";

/**
 * The board after one more event. Pure: the same snapshot and the same events give the same board, on every client
 * and in every order of arrival that keeps the seqs in order.
 *
 * @param event must be the next one: `snapshot.seq + 1`
 */
export function applyEvent(snapshot: Snapshot, event: BoardEvent): Snapshot {
  return { ...snapshot, ...changesOf(snapshot, event), seq: event.seq };
}

function changesOf({ board, lists, tasks }: Snapshot, event: BoardEvent): Partial<Snapshot> {
  switch (event.type) {
    case "board_renamed":
      return { board: { ...board, name: event.data.name } };

    case "list_created":
    case "list_renamed":
    case "list_moved": {
      const sorted = inOrder(replace(lists, event.data.list));
      return { lists: sorted, tasks: grouped(tasks, sorted) };
    }

    case "list_deleted": {
      const { listId } = event.data;
      return {
        lists: lists.filter((list) => list.id !== listId),
        tasks: tasks.filter((task) => task.listId !== listId),
      };
    }

    case "task_created":
    case "task_updated":
    case "task_moved":
      return { tasks: grouped(replace(tasks, event.data.task), lists) };

    case "task_deleted":
      return { tasks: tasks.filter((task) => task.id !== event.data.taskId) };

    case "member_added": {
      const members = [...board.members, event.data.member];
      return { board: { ...board, members: members.sort((a, b) => compare(a.userId, b.userId)) } };
    }

    case "member_removed":
      return {
        board: { ...board, members: board.members.filter(({ userId }) => userId !== event.data.userId) },
      };
  }
}

function replace<T extends { id: string }>(items: readonly T[], item: T): T[] {
  return [...items.filter(({ id }) => id !== item.id), item];
}

function inOrder<T extends { position: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => compare(a.position, b.position));
}

/** Tasks in the order of their lists, and in each list in the order of their positions. */
function grouped(tasks: Snapshot["tasks"], lists: Snapshot["lists"]): Snapshot["tasks"] {
  return lists.flatMap((list) => inOrder(tasks.filter((task) => task.listId === list.id)));
}

/** Bytewise for ASCII: not `localeCompare`, whose order depends on the reader's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
