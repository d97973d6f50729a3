import type { AnswerMessage, CommandMessage } from "./fragile-server.ts";

export interface CommandQueueOptions {
  /** Sends a command on the connection that is open. */
  readonly send: (message: CommandMessage) => void;
  /** A key that nobody has used before. */
  readonly newKey: () => string;
}

/** What a user has asked for. */
export type Command = Omit<CommandMessage, "key">;

interface Waiting {
  readonly command: Command;
  readonly resolve: (taskId: string) => void;
  key: string;
}

/** Keeps commands until they are answered, and sends them again on every new connection. */
export function createCommandQueue({ send, newKey }: CommandQueueOptions) {
  /** What is not answered yet, in the order in which it was added. */
  const waiting: Waiting[] = [];
  let isOpen = false;

  function transmit(each: Waiting): void {
    each.key = newKey();
    send({ ...each.command, key: each.key });
  }

  return {
    /** @returns the id of the task, when the server has answered */
    add(command: Command): Promise<string> {
      return new Promise((resolve) => {
        const each = { command, resolve, key: "" };
        waiting.push(each);
        if (isOpen) transmit(each);
      });
    },

    /** There is a connection, the first one or a new one. */
    onOpen(): void {
      isOpen = true;
      for (const each of waiting) transmit(each);
    },

    /** The connection has ended. */
    onClose(): void {
      isOpen = false;
    },

    onAnswer({ key, taskId }: AnswerMessage): void {
      const index = waiting.findIndex((each) => each.key === key);
      const [answered] = index === -1 ? [] : waiting.splice(index, 1);
      answered?.resolve(taskId);
    },
  };
}
