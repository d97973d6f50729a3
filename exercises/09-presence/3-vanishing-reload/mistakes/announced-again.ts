// Bob's return is announced although nobody has heard that he was away: others read that he has joined, at each reload.
// Fails: a reload is no leave, and nobody hears of it, then or later
// Lesson: chapters/09-presence/README.md#the-idea
// Hint: Who is shown during the grace? What do others know of the drop?
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
    graces.delete(userId);
    if (here.has(userId)) return;
    here.add(userId);
    onChange({ type: "user_joined", userId });
  }

  function drop(connectionId: string): void {
    const userId = userOf.get(connectionId);
    if (userId === undefined) return;
    userOf.delete(connectionId);
    if (isConnected(userId)) return;
    here.delete(userId);
    const grace = setTimeout(() => {
      graces.delete(userId);
      onChange({ type: "user_left", userId });
    }, graceMs);
    graces.set(userId, grace);
  }

  return { join, drop, users: () => [...here].sort() };
}
