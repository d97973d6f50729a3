// Presence: who is looking at which board, by connection, shown by user.

/** Somebody has come or gone: their first connection, or their last. */
export interface PresenceChange {
  readonly type: "user_joined" | "user_left";
  readonly boardId: string;
  readonly userId: string;
}

export interface PresenceSettings {
  /** A connection that drops is not gone before this, in milliseconds: a reload takes less. @default 15000 */
  readonly graceMs?: number;
  /** A connection that says nothing for so long is gone, in milliseconds. @default 30000 */
  readonly leaseMs?: number;
}

interface Connection {
  readonly userId: string;
  /** When it is gone, unless it is heard of before. Milliseconds of the clock. */
  until: number;
}

/**
 * Keeps, for each board, the connections that are there, each until a time. A user is there as long as one of their
 * connections is.
 *
 * @param onChange is told when a user has come or gone
 * @param now the clock, in milliseconds
 */
export function createPresence(
  onChange: (change: PresenceChange) => void,
  { graceMs = 15_000, leaseMs = 30_000 }: PresenceSettings = {},
  now: () => number = () => performance.now(),
) {
  /** By board, and there by connection. */
  const boards = new Map<string, Map<string, Connection>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerAt = Number.POSITIVE_INFINITY;

  /**
   * A connection is there: for the first time, or still. Its lease begins anew.
   * @param connectionId unique among all connections of all users
   */
  function refresh(boardId: string, connectionId: string, userId: string): void {
    const connections = boards.get(boardId) ?? new Map<string, Connection>();
    boards.set(boardId, connections);
    const isNew = !isHere(boardId, userId);
    connections.set(connectionId, { userId, until: now() + leaseMs });
    lookAt(now() + leaseMs);
    if (isNew) onChange({ type: "user_joined", boardId, userId });
  }

  /** A connection has broken, or a page is being loaded anew: its user may be back in a moment. */
  function drop(boardId: string, connectionId: string): void {
    const connection = boards.get(boardId)?.get(connectionId);
    if (!connection) return;
    connection.until = Math.min(connection.until, now() + graceMs);
    lookAt(connection.until);
  }

  /** A connection has said goodbye. */
  function leave(boardId: string, connectionId: string): void {
    const connections = boards.get(boardId);
    const connection = connections?.get(connectionId);
    if (!connections || !connection) return;
    connections.delete(connectionId);
    if (connections.size === 0) boards.delete(boardId);
    if (!isHere(boardId, connection.userId)) {
      onChange({ type: "user_left", boardId, userId: connection.userId });
    }
  }

  function isHere(boardId: string, userId: string): boolean {
    for (const connection of boards.get(boardId)?.values() ?? []) {
      if (connection.userId === userId) return true;
    }
    return false;
  }

  /** One timer for all: for whoever is gone next. */
  function lookAt(at: number): void {
    if (at >= timerAt) return;
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(look, at - now());
  }

  function look(): void {
    timer = undefined;
    timerAt = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const [boardId, connections] of [...boards]) {
      for (const [connectionId, { until }] of [...connections]) {
        if (until <= now()) leave(boardId, connectionId);
        else next = Math.min(next, until);
      }
    }
    if (next < Number.POSITIVE_INFINITY) lookAt(next);
  }

  return {
    refresh,
    drop,
    leave,

    /** All connections of a user on a board: somebody was shown out, and no grace is due. */
    remove(boardId: string, userId: string): void {
      for (const [connectionId, connection] of [...(boards.get(boardId) ?? [])]) {
        if (connection.userId === userId) leave(boardId, connectionId);
      }
    },

    /** Who is there, each once. */
    users(boardId: string): string[] {
      return [...new Set([...(boards.get(boardId)?.values() ?? [])].map(({ userId }) => userId))].sort();
    },

    /** Forgets everybody, and tells nobody: the server is about to stop. */
    close(): void {
      clearTimeout(timer);
      boards.clear();
    },

    /** How many connections are remembered. */
    get size(): number {
      return [...boards.values()].reduce((sum, connections) => sum + connections.size, 0);
    },
  };
}
