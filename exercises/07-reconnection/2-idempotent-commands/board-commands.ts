import { type Boards, createBoards } from "../../../shared/board.ts";
import type { Database } from "../../../shared/database.ts";
import { Refusal, STATUS } from "../../../shared/refusal.ts";

export type Command =
  | { readonly type: "create_task"; readonly task: { readonly listId: string; readonly title: string } }
  | { readonly type: "update_task"; readonly taskId: string; readonly change: { readonly title: string } }
  | { readonly type: "delete_task"; readonly taskId: string };

export interface Answer {
  readonly status: number;
  /** JSON. Not there for an answer without a body: a task was deleted. */
  readonly body?: unknown;
}

/** Makes the change that a command asks for, as often as it is called. */
export type CarryOut = (userId: string, command: Command) => Answer;

/**
 * The commands of the demo board.
 * @param newId names the next task
 */
export function createCarryOut(database: Database, now: () => number, newId: () => string): CarryOut {
  const boards = createBoards(database, now);
  return (userId, command) => {
    const event = change(boards, newId, userId, command);
    if (event instanceof Refusal) {
      const { code, message } = event;
      return { status: STATUS[code], body: { error: { code, message } } };
    }
    if (event.type === "task_deleted") return { status: 204 };
    const { id, title } = event.data.task;
    return { status: event.type === "task_created" ? 201 : 200, body: { id, title } };
  };
}

function change(boards: Boards, newId: () => string, userId: string, command: Command) {
  switch (command.type) {
    case "create_task":
      return boards.createTask(userId, { id: newId(), ...command.task });
    case "update_task":
      return boards.updateTask(userId, command.taskId, command.change);
    case "delete_task":
      return boards.deleteTask(userId, command.taskId);
  }
}
