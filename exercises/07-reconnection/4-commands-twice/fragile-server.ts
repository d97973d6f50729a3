import type { Log } from "../../../shared/testing/exercise-test.ts";

/** Asks for a task. */
export interface CommandMessage {
  readonly type: "create_task";
  readonly title: string;
  /** The server carries out each key once, and answers it each time with the same words. */
  readonly key: string;
}

/** What the server says to a command. */
export interface AnswerMessage {
  readonly type: "answer";
  readonly key: string;
  readonly taskId: string;
}

/** A server that carries out each key once, behind a connection that loses what it is told to lose. */
export function createFragileServer(log: Log, onAnswer: (message: AnswerMessage) => void) {
  const done = new Map<string, { readonly taskId: string; readonly title: string }>();
  const sent: string[] = [];
  let loses: "nothing" | "commands" | "answers" = "nothing";

  function receive({ key, title }: CommandMessage): void {
    const known = done.get(key);
    const task = known ?? { taskId: `task-${done.size + 5}`, title };
    done.set(key, task);
    log(
      known ? `the server knows this key: ${task.taskId}` : `the server creates ${task.taskId}, "${title}"`,
    );
    if (loses === "answers") log("the answer gets lost");
    else queueMicrotask(() => onAnswer({ type: "answer", key, taskId: task.taskId }));
  }

  return {
    /** The titles of all that was sent, in order. */
    sent,
    /** From now on these get lost. */
    lose(what: typeof loses): void {
      loses = what;
    },
    send(message: CommandMessage): void {
      log(`alice → create_task "${message.title}"`);
      sent.push(message.title);
      if (loses === "commands") log("the command gets lost");
      else receive(message);
    },
    /** The titles of the tasks that there are, in the order in which they were created. */
    titles: (): string[] => [...done.values()].map(({ title }) => title),
  };
}
