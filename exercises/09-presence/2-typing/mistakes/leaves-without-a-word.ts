// Bob is forgotten when he leaves, but nobody is told: on every other screen he types for ever.
// Fails: whoever has gone types nowhere any more
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: Others were told that Bob types. What do they know when he has gone?
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
      for (const timer of timers.get(userId)?.values() ?? []) clearTimeout(timer);
      timers.delete(userId);
    },
  };
}
