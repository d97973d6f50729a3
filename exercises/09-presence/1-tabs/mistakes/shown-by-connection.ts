// Each tab is shown: there are three Bobs on the board.
// Fails: three tabs are one person
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: Kept by connection, and shown by what?
import type { Presence, PresenceChange } from "../exercise.ts";

export function createPresence(onChange: (change: PresenceChange) => void): Presence {
  const userOf = new Map<string, string>();

  function isThere(userId: string): boolean {
    return [...userOf.values()].includes(userId);
  }

  return {
    join(connectionId, userId) {
      const isFirst = !isThere(userId);
      userOf.set(connectionId, userId);
      if (isFirst) onChange({ type: "user_joined", userId });
    },

    leave(connectionId) {
      const userId = userOf.get(connectionId);
      if (userId === undefined) return;
      userOf.delete(connectionId);
      if (!isThere(userId)) onChange({ type: "user_left", userId });
    },

    users: () => [...userOf.values()],
  };
}
