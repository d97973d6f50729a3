/** Somebody has begun to type, or has stopped. */
export interface TypingChange {
  readonly type: "user_typing" | "user_stopped_typing";
  readonly boardId: string;
  readonly userId: string;
}

/** Who is typing. */
export interface Typing {
  /** A sign that a user types on a board. */
  type(boardId: string, userId: string): void;
  /** A user has stopped on a board. */
  stop(boardId: string, userId: string): void;
  /** A user has gone, from every board. */
  leave(userId: string): void;
}

/**
 * @param onChange is told once when typing begins, and once when it is over
 * @param lastsMs so long after the last sign it is over, in milliseconds
 */
export function createTyping(onChange: (change: TypingChange) => void, lastsMs: number): Typing {
  return {
    type(boardId, userId) {
      // TODO: Tell it only when it begins.
      onChange({ type: "user_typing", boardId, userId });
      // TODO: Let it go on until `lastsMs` after the last sign.
      setTimeout(() => onChange({ type: "user_stopped_typing", boardId, userId }), lastsMs);
    },

    stop() {
      // TODO: End it at once.
    },

    leave() {
      // TODO: End all that this user types.
    },
  };
}
