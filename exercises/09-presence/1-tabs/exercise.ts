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
  // TODO: Remember what is needed to know whether a connection is its user's first or last.
  return {
    join(connectionId, userId) {
      // TODO: Tell it for the first connection of a user only.
      onChange({ type: "user_joined", userId });
    },

    leave() {
      // TODO: Forget the connection, and tell it if it was its user's last.
    },

    // TODO: Name all who are there, each once.
    users: () => [],
  };
}
