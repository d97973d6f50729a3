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

/** Who is on one board. */
interface Here {
  readonly connections: Map<string, Connection>;
  /** How many connections each user has: a large board is not searched for every sign of life. */
  readonly users: Map<string, number>;
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
  const boards = new Map<string, Here>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerAt = Number.POSITIVE_INFINITY;

  /**
   * A connection is there: for the first time, or still. Its lease begins anew.
   * @param connectionId unique among all connections of all users
   */
  function refresh(boardId: string, connectionId: string, userId: string): void {
    const here: Here = boards.get(boardId) ?? { connections: new Map(), users: new Map() };
    boards.set(boardId, here);
    const known = here.connections.get(connectionId);
    const until = now() + leaseMs;
    lookAt(until);
    if (known) {
      known.until = until;
      return;
    }
    here.connections.set(connectionId, { userId, until });
    const count = (here.users.get(userId) ?? 0) + 1;
    here.users.set(userId, count);
    if (count === 1) onChange({ type: "user_joined", boardId, userId });
  }

  /** A connection has broken, or a page is being loaded anew: its user may be back in a moment. */
  function drop(boardId: string, connectionId: string): void {
    const connection = boards.get(boardId)?.connections.get(connectionId);
    if (!connection) return;
    connection.until = Math.min(connection.until, now() + graceMs);
    lookAt(connection.until);
  }

  /** A connection has said goodbye. */
  function leave(boardId: string, connectionId: string): void {
    const here = boards.get(boardId);
    const connection = here?.connections.get(connectionId);
    if (!here || !connection) return;
    const { userId } = connection;
    here.connections.delete(connectionId);
    if (here.connections.size === 0) boards.delete(boardId);
    const count = (here.users.get(userId) ?? 0) - 1;
    if (count > 0) here.users.set(userId, count);
    else here.users.delete(userId);
    if (count === 0) onChange({ type: "user_left", boardId, userId });
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
    for (const [boardId, { connections }] of [...boards]) {
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
      for (const [connectionId, connection] of [...(boards.get(boardId)?.connections ?? [])]) {
        if (connection.userId === userId) leave(boardId, connectionId);
      }
    },

    /** Who is there, each once. */
    users: (boardId: string): string[] => [...(boards.get(boardId)?.users.keys() ?? [])].sort(),

    /** Forgets everybody, and tells nobody: the server is about to stop. */
    close(): void {
      clearTimeout(timer);
      boards.clear();
    },

    /** How many connections are remembered. */
    get size(): number {
      return [...boards.values()].reduce((sum, { connections }) => sum + connections.size, 0);
    },
  };
}
