// The key is made from the command itself: two tasks with the same title have the same key, and the second one is never created.
// Fails: two commands with the same title are two tasks
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: Users may want the same thing twice. What is different between the two?
import type { Command, CommandQueueOptions } from "../exercise.ts";
import type { AnswerMessage } from "../fragile-server.ts";

interface Waiting {
  readonly command: Command;
  readonly resolve: (taskId: string) => void;
  readonly key: string;
}

export function createCommandQueue({ send }: CommandQueueOptions) {
  const waiting: Waiting[] = [];
  let isOpen = false;

  function transmit({ command, key }: Waiting): void {
    send({ ...command, key });
  }

  return {
    add(command: Command): Promise<string> {
      return new Promise((resolve) => {
        const each = { command, resolve, key: JSON.stringify(command) };
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
