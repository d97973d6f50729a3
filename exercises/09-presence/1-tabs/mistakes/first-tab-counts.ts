// Bob's first tab stands for him, and the others are not remembered: when that one is closed, he has gone.
// Fails: the tab that came first may be closed first
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: Tabs are not closed in the order in which they were opened. What do you know of the second one?
import type { Presence, PresenceChange } from "../exercise.ts";

export function createPresence(onChange: (change: PresenceChange) => void): Presence {
  const userOf = new Map<string, string>();

  function isThere(userId: string): boolean {
    return [...userOf.values()].includes(userId);
  }

  return {
    join(connectionId, userId) {
      if (isThere(userId)) return;
      userOf.set(connectionId, userId);
      onChange({ type: "user_joined", userId });
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
