/** A user has come or gone. */
export interface PresenceChange {
  readonly type: "user_joined" | "user_left";
  readonly userId: string;
}

/** Who is on one board. */
export interface Presence {
  /** A connection is there. One that is there already changes nothing. */
  join(connectionId: string, userId: string): void;
  /** A connection is gone. One that is not there changes nothing. */
  leave(connectionId: string): void;
  /** Who is there, each once. */
  users(): string[];
}

/** @param onChange is told of the first connection of a user, and of the end of the last */
export function createPresence(onChange: (change: PresenceChange) => void): Presence {
  /** Whose each connection is. Everything else follows from it, so nothing can get out of step. */
  const userOf = new Map<string, string>();

  function isThere(userId: string): boolean {
    return [...userOf.values()].includes(userId);
  }

  return {
    join(connectionId, userId) {
      const isFirst = !isThere(userId);
      userOf.set(connectionId, userId);
      if (isFirst) onChange({ type: "user_joined", userId });
    },

    leave(connectionId) {
      const userId = userOf.get(connectionId);
      // It has left already, or was never there.
      if (userId === undefined) return;
      userOf.delete(connectionId);
      if (!isThere(userId)) onChange({ type: "user_left", userId });
    },

    users: () => [...new Set(userOf.values())],
  };
}
