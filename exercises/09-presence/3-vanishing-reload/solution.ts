/** A user has come or gone. */
export interface PresenceChange {
  readonly type: "user_joined" | "user_left";
  readonly userId: string;
}

/**
 * Who is on one board.
 * @param onChange is told when a user has come or gone
 * @param graceMs so long after their last connection has dropped a user has gone, in milliseconds
 */
export function createPresence(onChange: (change: PresenceChange) => void, graceMs = 15_000) {
  /** Whose each connection is. */
  const userOf = new Map<string, string>();
  /** Who is shown: everybody with a connection, and whoever may be back in a moment. */
  const here = new Set<string>();
  /** Of users who have dropped: the timer that takes them away. */
  const graces = new Map<string, ReturnType<typeof setTimeout>>();

  function isConnected(userId: string): boolean {
    return [...userOf.values()].includes(userId);
  }

  /** A connection is there. */
  function join(connectionId: string, userId: string): void {
    userOf.set(connectionId, userId);
    // Back in time. Only looking, at the end of the grace, whether he is there would not do: he may have dropped again.
    clearTimeout(graces.get(userId));
    graces.delete(userId);
    // A second tab, or somebody who was away for less than the grace.
    if (here.has(userId)) return;
    here.add(userId);
    onChange({ type: "user_joined", userId });
  }

  /** A connection has broken, or its page is being loaded anew. */
  function drop(connectionId: string): void {
    const userId = userOf.get(connectionId);
    if (userId === undefined) return;
    userOf.delete(connectionId);
    if (isConnected(userId)) return;
    const grace = setTimeout(() => {
      graces.delete(userId);
      here.delete(userId);
      onChange({ type: "user_left", userId });
    }, graceMs);
    graces.set(userId, grace);
  }

  return { join, drop, users: () => [...here].sort() };
}
