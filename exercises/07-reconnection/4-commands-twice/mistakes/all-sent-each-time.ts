// Each new command sends all that wait again: the more commands are under way, the more are sent, until the server says that it is too much.
// Fails: on one connection each command is sent once
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: What was sent on this connection is on its way. When do you know that it has not got there?
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
        if (isOpen) for (const one of waiting) transmit(one);
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
