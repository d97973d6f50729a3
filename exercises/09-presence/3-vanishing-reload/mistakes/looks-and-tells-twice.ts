// Each timer looks at its end whether Bob is back: if he reloads twice and goes, his leave is told too soon, and a second time.
// Fails: a second drop has the whole grace, and is told once
// Lesson: chapters/09-presence/README.md#build-it
// Hint: Bob reloads twice within the grace and stays away. How many timers find that he is not there?
import type { PresenceChange } from "../exercise.ts";

export function createPresence(onChange: (change: PresenceChange) => void, graceMs = 15_000) {
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
    setTimeout(() => {
      if (isConnected(userId)) return;
      here.delete(userId);
      onChange({ type: "user_left", userId });
    }, graceMs);
  }

  return { join, drop, users: () => [...here].sort() };
}
