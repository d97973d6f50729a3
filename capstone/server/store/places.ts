// Grows ../../../shared/positions.ts: positions that have become long are made short again, for all siblings at once.
import { generateKeyBetween, generateNKeysBetween } from "fractional-indexing";
import { decidePosition, type Placement } from "../../../shared/positions.ts";
import type { BoardLog, FormerPlace, Step } from "./board-log.ts";
import type { Statements } from "./statements.ts";

/** The longest position that stays, in characters. Each move into one and the same gap needs about a fifth of one more. */
const LONGEST = 64;

/** As it is in a command, among other things. */
export interface Place {
  readonly afterId?: string | undefined;
  readonly beforeId?: string | undefined;
}

export function placeOf({ afterId, beforeId }: Place): Placement {
  return { afterId, beforeId };
}

export type Places = ReturnType<typeof createPlaces>;

/** Where tasks and lists go. Call everything in the writing transaction. */
export function createPlaces(sql: Statements, log: BoardLog) {
  /** What is done to the lists of a board and to the tasks of a list alike. */
  const lists = {
    siblings: sql.listsOfBoard,
    at: sql.listAt,
    before: sql.listBefore,
    rebalancedAt: sql.listsRebalanced,
  };
  const tasks = {
    siblings: sql.tasksOfList,
    at: sql.taskAt,
    before: sql.taskBefore,
    rebalancedAt: sql.tasksRebalanced,
  };
  type Container = typeof lists | typeof tasks;

  /** A place that was left, as it is now: the very same one if it is free, else the one after whatever was before it. */
  function formerPlace(
    container: Container,
    containerId: string,
    movingId: string,
    { position, afterId }: FormerPlace,
    leftAtSeq: number,
  ): string {
    const isOutdated = (container.rebalancedAt.get(containerId) ?? 0) > leftAtSeq;
    if (!isOutdated) {
      const holder = container.at.get(containerId, position)?.id;
      if (holder === undefined || holder === movingId) return position;
      // Somebody else is there by now: right before it.
      return generateKeyBetween(
        container.siblings.previous.get(containerId, position, movingId)?.position,
        position,
      );
    }
    if (afterId !== null) return decidePosition(container.siblings, containerId, movingId, { afterId });
    return generateKeyBetween(null, container.siblings.next.get(containerId, "", movingId)?.position);
  }

  /** Whether something is where a command wants it: then there is nothing to do. */
  function isAt(container: Container, containerId: string, id: string, position: string, wanted: Placement) {
    // Where it would go says where it is: between the same two neighbours.
    const goal = decidePosition(container.siblings, containerId, id, wanted);
    const [low, high] = goal < position ? [goal, position] : [position, goal];
    const between = container.siblings.next.get(containerId, low, id)?.position;
    return between === undefined || between > high;
  }

  /** Short positions for everything, in the same order. */
  function rebalance(
    ids: readonly string[],
    reposition: Statements["repositionTask"],
  ): Record<string, string> {
    const positions = generateNKeysBetween(null, null, ids.length);
    // No two siblings may ever be equal, not even in between: "~" is after every position.
    for (const id of ids) reposition.run(`~${id}`, id);
    ids.forEach((id, index) => void reposition.run(positions[index] ?? "", id));
    return Object.fromEntries(ids.map((id, index) => [id, positions[index] ?? ""]));
  }

  return {
    ofTask: (listId: string, taskId: string, placement: Placement) =>
      decidePosition(sql.tasksOfList, listId, taskId, placement),
    ofList: (boardId: string, listId: string, placement: Placement) =>
      decidePosition(sql.listsOfBoard, boardId, listId, placement),

    isTaskAt: (listId: string, taskId: string, position: string, wanted: Placement) =>
      isAt(tasks, listId, taskId, position, wanted),
    isListAt: (boardId: string, listId: string, position: string, wanted: Placement) =>
      isAt(lists, boardId, listId, position, wanted),

    /** @param leftAtSeq when it left that place */
    formerOfTask: (listId: string, taskId: string, place: FormerPlace, leftAtSeq: number) =>
      formerPlace(tasks, listId, taskId, place, leftAtSeq),
    formerOfList: (boardId: string, listId: string, place: FormerPlace, leftAtSeq: number) =>
      formerPlace(lists, boardId, listId, place, leftAtSeq),

    /** The id of what is right before. */
    beforeTask: (listId: string, position: string) => sql.taskBefore.get(listId, position)?.id ?? null,
    beforeList: (boardId: string, position: string) => sql.listBefore.get(boardId, position)?.id ?? null,

    /** Call it after an event that has given a task this position. */
    settleTask({ userId, at }: Step, boardId: string, listId: string, position: string): void {
      if (position.length <= LONGEST) return;
      log.append({ userId, at }, boardId, "tasks_rebalanced", (seq) => {
        sql.markTasksRebalanced.run(seq, listId);
        const ids = sql.tasksInList.all(listId).map(({ id }) => id);
        return { listId, positions: rebalance(ids, sql.repositionTask) };
      });
    },
    /** Call it after an event that has given a list this position. */
    settleList({ userId, at }: Step, boardId: string, position: string): void {
      if (position.length <= LONGEST) return;
      log.append({ userId, at }, boardId, "lists_rebalanced", (seq) => {
        sql.markListsRebalanced.run(seq, boardId);
        const ids = sql.lists.all(boardId).map(({ id }) => id);
        return { positions: rebalance(ids, sql.repositionList) };
      });
    },
  };
}
