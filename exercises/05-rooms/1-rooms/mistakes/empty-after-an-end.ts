// A room is forgotten when the last one leaves it, but not when its connection ends, which is how most of them go.
// Fails: a room that empties is forgotten
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: There are two ways out of a room. Can one of them use the other?
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
    const rooms = roomsOf.get(connection);
    rooms?.delete(room);
    if (rooms?.size === 0) roomsOf.delete(connection);
  }

  function leaveAll(connection: Connection): void {
    for (const room of roomsOf.get(connection) ?? []) membersOf.get(room)?.delete(connection);
    roomsOf.delete(connection);
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
