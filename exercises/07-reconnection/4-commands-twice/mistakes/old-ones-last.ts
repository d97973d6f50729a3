// What was sent and not answered is sent again after everything else: what users did first happens last.
// Fails: the order is kept across a cut
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: Who is first in the queue after the cut? Who has come first?
import type { Command, CommandQueueOptions } from "../exercise.ts";
import type { AnswerMessage } from "../fragile-server.ts";

interface Waiting {
  readonly command: Command;
  readonly resolve: (taskId: string) => void;
  readonly key: string;
}

export function createCommandQueue({ send, newKey }: CommandQueueOptions) {
  const waiting: Waiting[] = [];
  let unsent: Waiting[] = [];
  let isOpen = false;

  function transmit({ command, key }: Waiting): void {
    send({ ...command, key });
  }

  return {
    add(command: Command): Promise<string> {
      return new Promise((resolve) => {
        const each = { command, resolve, key: newKey() };
        if (isOpen) transmit(each);
        (isOpen ? waiting : unsent).push(each);
      });
    },

    onOpen(): void {
      isOpen = true;
      const all = [...unsent, ...waiting.splice(0)];
      unsent = [];
      waiting.push(...all);
      for (const each of all) transmit(each);
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
