// Typing ends only if the page says so: whoever closes the laptop in the middle of a word types for ever.
// Fails: typing is told, and ends by itself after 5 s
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: Which message gets lost when a page is closed? What ends it then?
import type { Typing, TypingChange } from "../exercise.ts";

export function createTyping(onChange: (change: TypingChange) => void, lastsMs: number): Typing {
  const timers = new Map<string, Map<string, ReturnType<typeof setTimeout>>>();

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
      clearTimeout(ofUser.get(boardId));
      const timer = setTimeout(() => {}, lastsMs);
      ofUser.set(boardId, timer);
      if (isNew) onChange({ type: "user_typing", boardId, userId });
    },

    stop,

    leave(userId) {
      for (const boardId of [...(timers.get(userId)?.keys() ?? [])]) stop(boardId, userId);
    },
  };
}
