// The first timer stays in the map when it is cleared, so the second drop starts none: Bob goes home and is here for ever.
// Fails: a second drop has the whole grace, and is told once
// Lesson: chapters/09-presence/README.md#build-it
// Hint: After Bob's return his timer is cleared. Who is told that he has none any more?
import type { PresenceChange } from "../exercise.ts";

export function createPresence(onChange: (change: PresenceChange) => void, graceMs = 15_000) {
  const userOf = new Map<string, string>();
  const here = new Set<string>();
  const graces = new Map<string, ReturnType<typeof setTimeout>>();

  function isConnected(userId: string): boolean {
    return [...userOf.values()].includes(userId);
  }

  function join(connectionId: string, userId: string): void {
    userOf.set(connectionId, userId);
    clearTimeout(graces.get(userId));
    if (here.has(userId)) return;
    here.add(userId);
    onChange({ type: "user_joined", userId });
  }

  function drop(connectionId: string): void {
    const userId = userOf.get(connectionId);
    if (userId === undefined) return;
    userOf.delete(connectionId);
    if (isConnected(userId) || graces.has(userId)) return;
    const grace = setTimeout(() => {
      graces.delete(userId);
      here.delete(userId);
      onChange({ type: "user_left", userId });
    }, graceMs);
    graces.set(userId, grace);
  }

  return { join, drop, users: () => [...here].sort() };
}
