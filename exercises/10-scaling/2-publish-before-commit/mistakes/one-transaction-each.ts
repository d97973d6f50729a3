// Each task has a transaction of its own, so that a hint is true: but when one is refused, those before it stay.
// Fails: if one task is refused none is added, and Bob's node is told nothing
// Lesson: chapters/10-scaling/README.md#the-idea
// Hint: All of them or none. What undoes the first task now, when the second one is refused?
import type { Boards } from "../../../../shared/board.ts";
import type { BoardEvent } from "../../../../shared/events.ts";
import { Refusal } from "../../../../shared/refusal.ts";
import { inTransaction } from "../../../../shared/transaction.ts";
import type { NewTask, Planning } from "../exercise.ts";

export function addTasks(planning: Planning, actorId: string, listId: string, tasks: readonly NewTask[]) {
  const { database, boards, hint } = planning;

  function add(task: NewTask): BoardEvent {
    const event = boards.createTask(actorId, { ...task, listId });
    if (event instanceof Refusal) throw event;
    return event;
  }

  const events: BoardEvent[] = [];
  for (const task of tasks) {
    const event = inTransaction(database, () => add(task));
    if (event instanceof Refusal) return event;
    hint(event.boardId, event.seq);
    events.push(event);
  }
  return events;
}

export function followBoard(
  boards: Boards,
  boardId: string,
  after: number,
  onEvent: (event: BoardEvent) => void,
) {
  let cursor = after;
  return function onHint(seq: number): void {
    if (seq <= cursor) return;
    const page = boards.eventsAfter(boardId, { seq: cursor }, 100);
    if (page instanceof Refusal) return;
    for (const event of page.events) {
      cursor = event.seq;
      onEvent(event);
    }
  };
}
