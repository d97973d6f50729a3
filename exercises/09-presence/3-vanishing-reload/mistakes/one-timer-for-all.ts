// There is one timer for everybody: Bob comes back, and Alice, who has gone, is here for ever.
// Fails: whoever comes back keeps nobody else here
// Lesson: chapters/09-presence/README.md#build-it
// Hint: Two people can be away at the same time. Whose timer is cleared when one of them returns?
import type { PresenceChange } from "../exercise.ts";

export function createPresence(onChange: (change: PresenceChange) => void, graceMs = 15_000) {
  const userOf = new Map<string, string>();
  const here = new Set<string>();
  let grace: ReturnType<typeof setTimeout> | undefined;

  function isConnected(userId: string): boolean {
    return [...userOf.values()].includes(userId);
  }

  function join(connectionId: string, userId: string): void {
    userOf.set(connectionId, userId);
    clearTimeout(grace);
    if (here.has(userId)) return;
    here.add(userId);
    onChange({ type: "user_joined", userId });
  }

  function drop(connectionId: string): void {
    const userId = userOf.get(connectionId);
    if (userId === undefined) return;
    userOf.delete(connectionId);
    if (isConnected(userId)) return;
    grace = setTimeout(() => {
      here.delete(userId);
      onChange({ type: "user_left", userId });
    }, graceMs);
  }

  return { join, drop, users: () => [...here].sort() };
}
