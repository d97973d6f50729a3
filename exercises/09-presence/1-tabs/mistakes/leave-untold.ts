// The last tab's end is not told: Bob stays on everybody's screen until they load the page again.
// Fails: whoever closes the last tab has gone
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: When the last connection has gone, who hears of it?
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
      userOf.delete(connectionId);
    },

    users: () => [...new Set(userOf.values())],
  };
}
