// Presence is a set of names: Bob closes one of three tabs, and has gone, with the other two in front of him.
// Fails: whoever closes one tab of three is still here
// Lesson: chapters/09-presence/README.md#what-breaks
// Hint: A set of users does not know how many tabs Bob has. What begins and ends when he opens and closes one?
import type { Presence, PresenceChange } from "../exercise.ts";

export function createPresence(onChange: (change: PresenceChange) => void): Presence {
  const userOf = new Map<string, string>();
  const here = new Set<string>();

  return {
    join(connectionId, userId) {
      userOf.set(connectionId, userId);
      if (here.has(userId)) return;
      here.add(userId);
      onChange({ type: "user_joined", userId });
    },

    leave(connectionId) {
      const userId = userOf.get(connectionId);
      userOf.delete(connectionId);
      if (userId === undefined || !here.delete(userId)) return;
      onChange({ type: "user_left", userId });
    },

    users: () => [...here],
  };
}
