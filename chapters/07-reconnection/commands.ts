// The commands: everything that can be done to a task, as data. A request and a message on a socket say the same thing.
import { z } from "zod";
import type { Database } from "../../shared/database.ts";
import type { BoardEvent } from "../../shared/events.ts";
import { Refusal, STATUS } from "../../shared/refusal.ts";
import { inTransaction } from "../../shared/transaction.ts";
import {
  newTask,
  type TaskChanges,
  taskChange,
  taskMove,
  taskParams,
} from "../00-request-response/task-routes.ts";
import { type Answer, createIdempotency } from "./idempotency.ts";

const { taskId } = taskParams.shape;

export const commandKey = z.string().regex(/^[\w-]{16,64}$/, "A key is 16 to 64 letters, digits, _ or -");

/** As they come over a socket: with a key. */
export const commandMessages = [
  z.strictObject({ type: z.literal("create_task"), key: commandKey, task: newTask }),
  z.strictObject({ type: z.literal("update_task"), key: commandKey, taskId, change: taskChange }),
  z.strictObject({ type: z.literal("move_task"), key: commandKey, taskId, place: taskMove }),
  z.strictObject({ type: z.literal("delete_task"), key: commandKey, taskId }),
] as const;

export type CommandMessage = z.infer<(typeof commandMessages)[number]>;

export type Command = CommandMessage extends infer Each
  ? Each extends object
    ? Omit<Each, "key">
    : never
  : never;

/** The answer to a `CommandMessage`. */
export interface AnswerMessage extends Answer {
  readonly type: "answer";
  readonly key: string;
}

export type Commands = ReturnType<typeof createCommands>;

/** @param onEvent is told of every change after its commit, once, however often the command comes */
export function createCommands(database: Database, tasks: TaskChanges, onEvent: (event: BoardEvent) => void) {
  const idempotency = createIdempotency(database);

  function carryOut(userId: string, command: Command): { answer: Answer; event?: BoardEvent } {
    const event = change(userId, command);
    if (event instanceof Refusal) return { answer: answerOf(event) };
    if (event.type === "task_deleted") return { answer: { status: 204 }, event };
    return { answer: { status: event.type === "task_created" ? 201 : 200, body: event.data.task }, event };
  }

  function change(userId: string, command: Command) {
    switch (command.type) {
      case "create_task":
        return tasks.createTask(userId, command.task);
      case "update_task":
        return tasks.updateTask(userId, command.taskId, command.change);
      case "move_task":
        return tasks.moveTask(userId, command.taskId, command.place);
      case "delete_task":
        return tasks.deleteTask(userId, command.taskId);
    }
  }

  /**
   * Carries out a command, once per key.
   * @param key undefined: as often as it comes
   */
  function run(userId: string, key: string | undefined, command: Command): Answer {
    let event: BoardEvent | undefined;
    const once = () => {
      const result = carryOut(userId, command);
      event = result.event;
      return result.answer;
    };
    // One transaction around both. A server that dies in between has done nothing, and a repeat does it.
    const answer = inTransaction(database, () =>
      key === undefined ? once() : idempotency.answerOnce(userId, key, command, once),
    );
    if (answer instanceof Refusal) return answerOf(answer);
    if (event) onEvent(event);
    return answer;
  }

  return { run };
}

function answerOf({ code, message }: Refusal): Answer {
  return { status: STATUS[code], body: { error: { code, message } } };
}
