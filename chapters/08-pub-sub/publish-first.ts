// The mistake: published inside the transaction, before anybody knows whether it will commit.
import type { Boards } from "../../shared/board.ts";
import type { Database } from "../../shared/database.ts";
import type { BoardEvent } from "../../shared/events.ts";
import { Refusal } from "../../shared/refusal.ts";
import { inTransaction } from "../../shared/transaction.ts";

/** Adds several tasks, all of them or none: if one is refused, those before it are undone. */
export function addTasksPublishingFirst(
  database: Database,
  boards: Boards,
  tasks: readonly { id: string; title: string }[],
  publish: (event: BoardEvent) => void,
): undefined | Refusal {
  return inTransaction(database, () => {
    for (const task of tasks) {
      const event = boards.createTask("alice", { ...task, listId: "list-todo" });
      if (event instanceof Refusal) throw event;
      publish(event); // somebody has it on the screen now
    }
    return undefined;
  });
}

/** The same, published when it is certain. */
export function addTasks(
  database: Database,
  boards: Boards,
  tasks: readonly { id: string; title: string }[],
  publish: (event: BoardEvent) => void,
): undefined | Refusal {
  const events: BoardEvent[] = [];
  const refused = addTasksPublishingFirst(database, boards, tasks, (event) => events.push(event));
  if (refused) return refused;
  for (const event of events) publish(event);
  return undefined;
}
