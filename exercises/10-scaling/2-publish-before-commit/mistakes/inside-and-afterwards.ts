// A second hint is sent after the commit, and the first one is still there: Bob's node is told of tasks that are refused.
// Fails: no hint is out while the change can still be undone
// Lesson: chapters/10-scaling/README.md#the-idea
// Hint: What does the hint inside the transaction achieve now?
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
    hint(event.boardId, event.seq);
    return event;
  }

  const events = inTransaction(database, () => tasks.map(add));
  if (!(events instanceof Refusal)) for (const { boardId, seq } of events) hint(boardId, seq);
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
