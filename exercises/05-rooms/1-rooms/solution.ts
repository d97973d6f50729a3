/** One socket. A person may have several. */
export interface Connection {
  readonly userId: string;
  /** Throws when the connection has broken and nobody has noticed yet. */
  send(message: string): void;
}

export interface Rooms {
  join(room: string, connection: Connection): void;
  leave(room: string, connection: Connection): void;
  /** The connection has ended. */
  leaveAll(connection: Connection): void;
  /** @param except the connection that caused it, and knows already */
  broadcast(room: string, message: string, except?: Connection): void;
  /** How many rooms anybody is in. */
  readonly roomCount: number;
}

/** Who is where, and a word to all of a room. */
export function createRooms(): Rooms {
  const membersOf = new Map<string, Set<Connection>>();
  /** The other way round, so that one who ends does not have to be looked for in every room there is. */
  const roomsOf = new Map<Connection, Set<string>>();

  function join(room: string, connection: Connection): void {
    membersOf.set(room, (membersOf.get(room) ?? new Set()).add(connection));
    roomsOf.set(connection, (roomsOf.get(connection) ?? new Set()).add(room));
  }

  function leave(room: string, connection: Connection): void {
    const members = membersOf.get(room);
    members?.delete(connection);
    if (members?.size === 0) membersOf.delete(room);
    const rooms = roomsOf.get(connection);
    rooms?.delete(room);
    if (rooms?.size === 0) roomsOf.delete(connection);
  }

  function leaveAll(connection: Connection): void {
    for (const room of roomsOf.get(connection) ?? []) leave(room, connection);
  }

  function broadcast(room: string, message: string, except?: Connection): void {
    for (const member of membersOf.get(room) ?? []) {
      // The connection, not its person: their other screens do not know yet.
      if (member === except) continue;
      try {
        member.send(message);
      } catch {
        // Whoever holds the connection hears of its end, and calls `leaveAll`. Those behind it must not pay for it.
      }
    }
  }

  return {
    join,
    leave,
    leaveAll,
    broadcast,
    get roomCount() {
      return membersOf.size;
    },
  };
}
