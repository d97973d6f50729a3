// The queue has one key, made when it was created: the server takes the second command for a repeat of the first.
// Fails: each command that is added is a task, and its answer comes
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: A key names one thing that the user wants. How many things does this key name?
import type { Command, CommandQueueOptions } from "../exercise.ts";
import type { AnswerMessage } from "../fragile-server.ts";

interface Waiting {
  readonly command: Command;
  readonly resolve: (taskId: string) => void;
  readonly key: string;
}

export function createCommandQueue({ send, newKey }: CommandQueueOptions) {
  const waiting: Waiting[] = [];
  const key = newKey();
  let isOpen = false;

  function transmit({ command, key }: Waiting): void {
    send({ ...command, key });
  }

  return {
    add(command: Command): Promise<string> {
      return new Promise((resolve) => {
        const each = { command, resolve, key };
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
      const index = waiting.findIndex((each) => each.key === key);
      const [answered] = index === -1 ? [] : waiting.splice(index, 1);
      answered?.resolve(taskId);
    },
  };
}
