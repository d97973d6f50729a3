// Any tab that drops begins the grace of its user: Bob closes one of two tabs, and has gone, with the other one in front of him.
// Fails: whoever closes one of two tabs is still here
// Lesson: chapters/09-presence/README.md#build-it
// Hint: The grace begins with the drop of the last connection. How does a drop know that it is the last?
import type { PresenceChange } from "../exercise.ts";

export function createPresence(onChange: (change: PresenceChange) => void, graceMs = 15_000) {
  const userOf = new Map<string, string>();
  const here = new Set<string>();
  const graces = new Map<string, ReturnType<typeof setTimeout>>();

  function join(connectionId: string, userId: string): void {
    userOf.set(connectionId, userId);
    clearTimeout(graces.get(userId));
    graces.delete(userId);
    if (here.has(userId)) return;
    here.add(userId);
    onChange({ type: "user_joined", userId });
  }

  function drop(connectionId: string): void {
    const userId = userOf.get(connectionId);
    if (userId === undefined) return;
    userOf.delete(connectionId);
    clearTimeout(graces.get(userId));
    const grace = setTimeout(() => {
      graces.delete(userId);
      here.delete(userId);
      onChange({ type: "user_left", userId });
    }, graceMs);
    graces.set(userId, grace);
  }

  return { join, drop, users: () => [...here].sort() };
}
