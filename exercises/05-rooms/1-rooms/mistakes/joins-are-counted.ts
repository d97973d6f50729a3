// Joins are counted, and one leave takes back only one of them: who joined twice goes on hearing a board that it has left.
// Fails: whoever joins twice hears everything once, and has left after leaving once
// Lesson: chapters/05-rooms/README.md#the-idea
// Hint: Joining twice is the same as once. What, then, does one leave undo?
import type { Connection, Rooms } from "../exercise.ts";

export function createRooms(): Rooms {
  const membersOf = new Map<string, Map<Connection, number>>();
  const roomsOf = new Map<Connection, Set<string>>();

  function join(room: string, connection: Connection): void {
    const members = membersOf.get(room) ?? new Map<Connection, number>();
    membersOf.set(room, members.set(connection, (members.get(connection) ?? 0) + 1));
    roomsOf.set(connection, (roomsOf.get(connection) ?? new Set()).add(room));
  }

  function leave(room: string, connection: Connection): void {
    const members = membersOf.get(room);
    const joins = (members?.get(connection) ?? 0) - 1;
    if (joins > 0) {
      members?.set(connection, joins);
      return;
    }
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
    for (const member of membersOf.get(room)?.keys() ?? []) {
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
