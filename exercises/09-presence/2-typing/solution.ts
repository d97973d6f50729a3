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
  /** For each user the boards where they type, each with the timer that ends it. Who has one is typing. */
  const timers = new Map<string, Map<string, ReturnType<typeof setTimeout>>>();

  // Whatever ends it goes through here: the time, the page, or the end of the connection.
  function stop(boardId: string, userId: string): void {
    const ofUser = timers.get(userId);
    if (!ofUser?.has(boardId)) return;
    clearTimeout(ofUser.get(boardId));
    ofUser.delete(boardId);
    if (ofUser.size === 0) timers.delete(userId);
    onChange({ type: "user_stopped_typing", boardId, userId });
  }

  return {
    type(boardId, userId) {
      const ofUser = timers.get(userId) ?? new Map();
      timers.set(userId, ofUser);
      const isNew = !ofUser.has(boardId);
      // The old timer would end it too soon.
      clearTimeout(ofUser.get(boardId));
      const timer = setTimeout(() => stop(boardId, userId), lastsMs);
      ofUser.set(boardId, timer);
      if (isNew) onChange({ type: "user_typing", boardId, userId });
    },

    stop,

    leave(userId) {
      for (const boardId of [...(timers.get(userId)?.keys() ?? [])]) stop(boardId, userId);
    },
  };
}
