// There is one timer for each user: who types on a second board is not seen there, and never stops on the first one.
// Fails: whoever has gone types nowhere any more
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: Bob can type on two boards at the same time. What do you know a timer by?
import type { Typing, TypingChange } from "../exercise.ts";

export function createTyping(onChange: (change: TypingChange) => void, lastsMs: number): Typing {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const boardOf = new Map<string, string>();

  function stop(boardId: string, userId: string): void {
    if (!timers.has(userId)) return;
    clearTimeout(timers.get(userId));
    timers.delete(userId);
    onChange({ type: "user_stopped_typing", boardId, userId });
  }

  return {
    type(boardId, userId) {
      boardOf.set(userId, boardId);
      const isNew = !timers.has(userId);
      clearTimeout(timers.get(userId));
      const timer = setTimeout(() => stop(boardId, userId), lastsMs);
      timers.set(userId, timer);
      if (isNew) onChange({ type: "user_typing", boardId, userId });
    },

    stop,

    leave(userId) {
      stop(boardOf.get(userId) ?? "", userId);
    },
  };
}
