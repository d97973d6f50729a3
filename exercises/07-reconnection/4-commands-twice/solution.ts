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
  /** The same for as long as the command waits: by it the server knows it again. */
  readonly key: string;
}

/** Keeps commands until they are answered, and sends them again on every new connection. */
export function createCommandQueue({ send, newKey }: CommandQueueOptions) {
  /** What is not answered yet, in the order in which it was added. */
  const waiting: Waiting[] = [];
  let isOpen = false;

  function transmit({ command, key }: Waiting): void {
    send({ ...command, key });
  }

  return {
    /** @returns the id of the task, when the server has answered */
    add(command: Command): Promise<string> {
      return new Promise((resolve) => {
        // The key belongs to what the user wants, and not to the attempt.
        const each = { command, resolve, key: newKey() };
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
