// Bob's leaving is told, and his timers go on: five seconds later each of them still runs, for somebody who is not there.
// Fails: whoever has gone types nowhere any more
// Lesson: chapters/09-presence/README.md#build-it
// Hint: What of Bob is left when he has gone? Count the timers.
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
      for (const boardId of timers.get(userId)?.keys() ?? [])
        onChange({ type: "user_stopped_typing", boardId, userId });
      timers.delete(userId);
    },
  };
}
