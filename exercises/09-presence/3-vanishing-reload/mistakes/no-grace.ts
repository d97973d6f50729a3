// There is no grace any more: each reload is a leave and a return, and the list of people flickers.
// Fails: whoever does not come back has gone after the grace
// Lesson: chapters/09-presence/README.md#what-breaks
// Hint: The timer was wrong only for those who came back. What was it good for?
import type { PresenceChange } from "../exercise.ts";

export function createPresence(onChange: (change: PresenceChange) => void, _graceMs = 15_000) {
  const userOf = new Map<string, string>();
  const here = new Set<string>();

  function isConnected(userId: string): boolean {
    return [...userOf.values()].includes(userId);
  }

  function join(connectionId: string, userId: string): void {
    userOf.set(connectionId, userId);
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
    onChange({ type: "user_left", userId });
  }

  return { join, drop, users: () => [...here].sort() };
}
