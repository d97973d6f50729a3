// Each tab that closes is announced as a leave: others take Bob off their screens, although the board still has him.
// Fails: whoever closes one tab of three is still here
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: Which of Bob's connections takes him away?
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
      onChange({ type: "user_left", userId });
    },

    users: () => [...new Set(userOf.values())],
  };
}
