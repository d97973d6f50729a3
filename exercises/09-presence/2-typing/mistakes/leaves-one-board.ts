// Only one board hears that Bob has gone: on the other one he goes on typing until the time is up.
// Fails: whoever has gone types nowhere any more
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: A connection that breaks types no more, wherever it was typing. On how many boards can that be?
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
      const timer = setTimeout(() => stop(boardId, userId), lastsMs);
      ofUser.set(boardId, timer);
      if (isNew) onChange({ type: "user_typing", boardId, userId });
    },

    stop,

    leave(userId) {
      const [boardId] = timers.get(userId)?.keys() ?? [];
      if (boardId !== undefined) stop(boardId, userId);
    },
  };
}
