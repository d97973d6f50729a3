// Who has been announced once is never announced again: Bob comes back in the afternoon, and nobody hears of it.
// Fails: others hear when Bob comes and when he goes, each time
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: You remember whom you have told. Until when is that true?
import type { Presence, PresenceChange } from "../exercise.ts";

export function createPresence(onChange: (change: PresenceChange) => void): Presence {
  const userOf = new Map<string, string>();

  const announced = new Set<string>();

  function isThere(userId: string): boolean {
    return [...userOf.values()].includes(userId);
  }

  return {
    join(connectionId, userId) {
      const isFirst = !announced.has(userId);
      announced.add(userId);
      userOf.set(connectionId, userId);
      if (isFirst) onChange({ type: "user_joined", userId });
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
