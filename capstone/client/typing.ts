import type { BoardClient } from "./sync/board-client.ts";

export interface Typing {
  /** The user has typed. */
  touch(): void;
  stop(): void;
}

/** Says that the user types in one field, and that they have stopped: only if they had begun. */
export function createTyping(client: Pick<BoardClient, "typing" | "stopTyping">, taskId?: string): Typing {
  let isTyping = false;
  return {
    touch() {
      isTyping = true;
      client.typing(taskId);
    },
    stop() {
      if (!isTyping) return;
      isTyping = false;
      client.stopTyping();
    },
  };
}
