// A new connection sends nothing of what waits: what got lost on its way, or was added without a connection, is never done.
// Fails: a command that got lost on its way is sent again
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: With the same key it is no harm to send a command again. When is the moment for it?
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
