// The tabs are counted, and a tab that joins twice is counted twice: when it is closed, Bob stays here for ever.
// Fails: a tab that joins twice has joined once
// Lesson: chapters/09-presence/README.md#build-it
// Hint: The same connection can be heard of again. Is that a second tab?
import type { Presence, PresenceChange } from "../exercise.ts";

export function createPresence(onChange: (change: PresenceChange) => void): Presence {
  const userOf = new Map<string, string>();
  const counts = new Map<string, number>();

  function change(userId: string, by: number): number {
    const count = (counts.get(userId) ?? 0) + by;
    if (count > 0) counts.set(userId, count);
    else counts.delete(userId);
    return count;
  }

  return {
    join(connectionId, userId) {
      userOf.set(connectionId, userId);
      if (change(userId, 1) === 1) onChange({ type: "user_joined", userId });
    },

    leave(connectionId) {
      const userId = userOf.get(connectionId);
      if (userId === undefined) return;
      userOf.delete(connectionId);
      if (change(userId, -1) === 0) onChange({ type: "user_left", userId });
    },

    users: () => [...counts.keys()],
  };
}
