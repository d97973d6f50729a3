// The place in the queue is the key: when the queue is empty the next command gets a number that was used before, and is never created.
// Fails: each command that is added is a task, and its answer comes
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: The server remembers a key for a day. For how long is a place in the queue taken?
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
        const each = { command, resolve, key: `place-${waiting.length}` };
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
