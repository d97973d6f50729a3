// Each hint is sent a moment later, and not when the change is committed: it is late, and it goes out all the same when the tasks were refused.
// Fails: what alice adds has reached Bob's node when she is answered
// Lesson: chapters/10-scaling/README.md#the-idea
// Hint: A timer knows how much time has passed. Does it know whether the transaction has committed?
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
    setTimeout(hint, 10, event.boardId, event.seq);
    return event;
  }

  return inTransaction(database, () => tasks.map(add));
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
