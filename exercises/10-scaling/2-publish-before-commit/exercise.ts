import type { Boards } from "../../../shared/board.ts";
import type { Database } from "../../../shared/database.ts";
import type { BoardEvent } from "../../../shared/events.ts";
import { Refusal } from "../../../shared/refusal.ts";
import { inTransaction } from "../../../shared/transaction.ts";

export interface NewTask {
  readonly id: string;
  readonly title: string;
}

export interface Planning {
  readonly database: Database;
  readonly boards: Boards;
  /** Tells the other nodes that a board's log has something new. */
  readonly hint: (boardId: string, seq: number) => void;
}

/** Adds tasks to a list, all of them or none, and tells the other nodes. */
export function addTasks(planning: Planning, actorId: string, listId: string, tasks: readonly NewTask[]) {
  const { database, boards, hint } = planning;

  function add(task: NewTask): BoardEvent {
    const event = boards.createTask(actorId, { ...task, listId });
    // Undoes the tasks before it.
    if (event instanceof Refusal) throw event;
    hint(event.boardId, event.seq);
    return event;
  }

  return inTransaction(database, () => tasks.map(add));
}

/**
 * Follows a board on another node.
 * @param after the last seq that is known there
 * @returns to be called with each hint
 */
export function followBoard(
  boards: Boards,
  boardId: string,
  after: number,
  onEvent: (event: BoardEvent) => void,
) {
  let cursor = after;
  return function onHint(seq: number): void {
    // Our own, or one that has come late.
    if (seq <= cursor) return;
    const page = boards.eventsAfter(boardId, { seq: cursor }, 100);
    if (page instanceof Refusal) return;
    for (const event of page.events) {
      cursor = event.seq;
      onEvent(event);
    }
  };
}
