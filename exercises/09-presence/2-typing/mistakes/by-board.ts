// There is one timer for each board: whoever types last keeps all the others typing, and only one of them is told.
// Fails: two people who type are two
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: Alice and Bob type on the same board. Whose timer is it?
import type { Typing, TypingChange } from "../exercise.ts";

export function createTyping(onChange: (change: TypingChange) => void, lastsMs: number): Typing {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  function stop(boardId: string, userId: string): void {
    if (!timers.has(boardId)) return;
    clearTimeout(timers.get(boardId));
    timers.delete(boardId);
    onChange({ type: "user_stopped_typing", boardId, userId });
  }

  return {
    type(boardId, userId) {
      const isNew = !timers.has(boardId);
      clearTimeout(timers.get(boardId));
      const timer = setTimeout(() => stop(boardId, userId), lastsMs);
      timers.set(boardId, timer);
      if (isNew) onChange({ type: "user_typing", boardId, userId });
    },

    stop,

    leave(userId) {
      for (const boardId of [...timers.keys()]) stop(boardId, userId);
    },
  };
}
