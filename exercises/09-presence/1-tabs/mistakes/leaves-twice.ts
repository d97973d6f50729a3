// The tabs are counted, and a tab that leaves twice is counted twice: Bob has gone, with a tab in front of him.
// Fails: a tab that leaves twice has left once
// Lesson: chapters/09-presence/README.md#build-it
// Hint: A socket can say goodbye and then close. How do you know that this tab was counted off already?
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
      if (userOf.has(connectionId)) return;
      userOf.set(connectionId, userId);
      if (change(userId, 1) === 1) onChange({ type: "user_joined", userId });
    },

    leave(connectionId) {
      const userId = userOf.get(connectionId);
      if (userId === undefined) return;
      if (change(userId, -1) === 0) onChange({ type: "user_left", userId });
    },

    users: () => [...counts.keys()],
  };
}
