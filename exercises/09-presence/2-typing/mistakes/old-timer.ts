// The timer goes on after `stop`, and ends what Bob has begun meanwhile: his second text is over after two seconds.
// Fails: whoever begins again has the whole time again
// Lesson: chapters/09-presence/README.md#build-it
// Hint: A timer does not know for which text it was set. Who clears it when that text is over?
import type { Typing, TypingChange } from "../exercise.ts";

export function createTyping(onChange: (change: TypingChange) => void, lastsMs: number): Typing {
  const timers = new Map<string, Map<string, ReturnType<typeof setTimeout>>>();

  function stop(boardId: string, userId: string): void {
    const ofUser = timers.get(userId);
    if (!ofUser?.has(boardId)) return;
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
