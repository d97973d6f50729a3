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
  const membersOf = new Map<string, Connection[]>();

  return {
    join(room, connection) {
      // TODO: Let a connection be in a room at most once.
      membersOf.set(room, [...(membersOf.get(room) ?? []), connection]);
    },
    leave(room, connection) {
      // TODO: Take the connection out, and forget the room when it was the last one.
    },
    leaveAll(connection) {
      // TODO: Take the connection out of every room that it is in.
    },
    broadcast(room, message, except) {
      // TODO: Leave out the one who caused it, and see that one who fails does not silence the others.
      for (const member of membersOf.get(room) ?? []) member.send(message);
    },
    get roomCount() {
      return membersOf.size;
    },
  };
}
