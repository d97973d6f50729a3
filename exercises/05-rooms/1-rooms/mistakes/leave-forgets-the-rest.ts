// With one leave it is forgotten which other rooms the connection is in: when it ends, it stays in those, and messages are sent to nobody.
// Fails: whoever has left one room, and ends then, is in no other either
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: A leave is about one room. What do you still know of the others when it is done?
import type { Connection, Rooms } from "../exercise.ts";

export function createRooms(): Rooms {
  const membersOf = new Map<string, Set<Connection>>();
  const roomsOf = new Map<Connection, Set<string>>();

  function join(room: string, connection: Connection): void {
    membersOf.set(room, (membersOf.get(room) ?? new Set()).add(connection));
    roomsOf.set(connection, (roomsOf.get(connection) ?? new Set()).add(room));
  }

  function leave(room: string, connection: Connection): void {
    const members = membersOf.get(room);
    members?.delete(connection);
    if (members?.size === 0) membersOf.delete(room);
    roomsOf.delete(connection);
  }

  function leaveAll(connection: Connection): void {
    for (const room of roomsOf.get(connection) ?? []) leave(room, connection);
  }

  function broadcast(room: string, message: string, except?: Connection): void {
    for (const member of membersOf.get(room) ?? []) {
      if (member === except) continue;
      try {
        member.send(message);
      } catch {}
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
