// Whoever asks for a room makes one: a message to a board that nobody looks at leaves an empty room behind.
// Fails: a room that empties is forgotten
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: Only `join` brings a room into being. What does your lookup do with a name that it does not know?
import type { Connection, Rooms } from "../exercise.ts";

export function createRooms(): Rooms {
  const membersOf = new Map<string, Set<Connection>>();
  const roomsOf = new Map<Connection, Set<string>>();

  function membersIn(room: string): Set<Connection> {
    const members = membersOf.get(room) ?? new Set();
    membersOf.set(room, members);
    return members;
  }

  function join(room: string, connection: Connection): void {
    membersIn(room).add(connection);
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
    for (const member of membersIn(room)) {
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
