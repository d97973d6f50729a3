// What was answered stays in the queue: each new connection sends everything again that was ever asked for.
// Fails: on one connection each command is sent once
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: When has the queue nothing more to do for a command?
import type { Command, CommandQueueOptions } from "../exercise.ts";
import type { AnswerMessage } from "../fragile-server.ts";

interface Waiting {
  readonly command: Command;
  readonly resolve: (taskId: string) => void;
  readonly key: string;
}

export function createCommandQueue({ send, newKey }: CommandQueueOptions) {
  const waiting: Waiting[] = [];
  let isOpen = false;

  function transmit({ command, key }: Waiting): void {
    send({ ...command, key });
  }

  return {
    add(command: Command): Promise<string> {
      return new Promise((resolve) => {
        const each = { command, resolve, key: newKey() };
        waiting.push(each);
        if (isOpen) transmit(each);
      });
    },

    onOpen(): void {
      isOpen = true;
      for (const each of waiting) transmit(each);
    },

    onClose(): void {
      isOpen = false;
    },

    onAnswer({ key, taskId }: AnswerMessage): void {
      waiting.find((each) => each.key === key)?.resolve(taskId);
    },
  };
}
