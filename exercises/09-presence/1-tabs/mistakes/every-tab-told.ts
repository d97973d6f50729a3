// Each new tab is announced: the others read three times that Bob has joined.
// Fails: three tabs are one person
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: Others hear of people, not of tabs. Which of Bob's connections is news?
import type { Presence, PresenceChange } from "../exercise.ts";

export function createPresence(onChange: (change: PresenceChange) => void): Presence {
  const userOf = new Map<string, string>();

  function isThere(userId: string): boolean {
    return [...userOf.values()].includes(userId);
  }

  return {
    join(connectionId, userId) {
      const isNew = !userOf.has(connectionId);
      userOf.set(connectionId, userId);
      if (isNew) onChange({ type: "user_joined", userId });
    },

    leave(connectionId) {
      const userId = userOf.get(connectionId);
      if (userId === undefined) return;
      userOf.delete(connectionId);
      if (!isThere(userId)) onChange({ type: "user_left", userId });
    },

    users: () => [...new Set(userOf.values())],
  };
}
