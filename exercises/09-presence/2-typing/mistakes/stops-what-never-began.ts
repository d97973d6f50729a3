// Every `stop` is told, also if nobody was typing: others hear of the end of something that they never heard of.
// Fails: whoever does not type has nothing to stop
// Lesson: chapters/09-presence/README.md#build-it
// Hint: Pages say that they have stopped once too often, when the time is up already. How do you know whether it is news?
import type { Typing, TypingChange } from "../exercise.ts";

export function createTyping(onChange: (change: TypingChange) => void, lastsMs: number): Typing {
  const timers = new Map<string, Map<string, ReturnType<typeof setTimeout>>>();

  function stop(boardId: string, userId: string): void {
    const ofUser = timers.get(userId) ?? new Map();
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
      for (const boardId of [...(timers.get(userId)?.keys() ?? [])]) stop(boardId, userId);
    },
  };
}
