// A command that was sent once is not sent again: nothing comes twice any more, and what gets lost on its way is lost for good.
// Fails: a command that got lost on its way is sent again
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: Sent is not arrived. What is the first sign that the server has got a command?
import type { Command, CommandQueueOptions } from "../exercise.ts";
import type { AnswerMessage } from "../fragile-server.ts";

interface Waiting {
  readonly command: Command;
  readonly resolve: (taskId: string) => void;
  readonly key: string;
}

export function createCommandQueue({ send, newKey }: CommandQueueOptions) {
  const waiting: Waiting[] = [];
  const asked = new Map<string, (taskId: string) => void>();
  let isOpen = false;

  function transmitAll(): void {
    for (const { command, key } of waiting.splice(0)) send({ ...command, key });
  }

  return {
    add(command: Command): Promise<string> {
      return new Promise((resolve) => {
        const each = { command, resolve, key: newKey() };
        waiting.push(each);
        asked.set(each.key, resolve);
        if (isOpen) transmitAll();
      });
    },

    onOpen(): void {
      isOpen = true;
      transmitAll();
    },

    onClose(): void {
      isOpen = false;
    },

    onAnswer({ key, taskId }: AnswerMessage): void {
      asked.get(key)?.(taskId);
      asked.delete(key);
    },
  };
}
