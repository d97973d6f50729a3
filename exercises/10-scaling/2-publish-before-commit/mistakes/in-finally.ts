// The hints go out after the transaction, but also when it was undone: Bob's node is told of events that never happened.
// Fails: if one task is refused none is added, and Bob's node is told nothing
// Lesson: chapters/10-scaling/README.md#the-idea
// Hint: finally runs in both cases. In which of them is there something to read?
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
  try {
    return inTransaction(database, () =>
      tasks.map((task) => {
        const event = add(task);
        events.push(event);
        return event;
      }),
    );
  } finally {
    for (const { boardId, seq } of events) hint(boardId, seq);
  }
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
