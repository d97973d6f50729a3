// Of each connection only the last room is remembered: a socket that has gone stays in its other rooms, and messages are sent to nobody.
// Fails: a connection that has ended is in no room any more
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: How many rooms can a connection be in when it ends? Where do you keep all of them?
import type { Connection, Rooms } from "../exercise.ts";

export function createRooms(): Rooms {
  const membersOf = new Map<string, Set<Connection>>();
  const roomsOf = new Map<Connection, string>();

  function join(room: string, connection: Connection): void {
    membersOf.set(room, (membersOf.get(room) ?? new Set()).add(connection));
    roomsOf.set(connection, room);
  }

  function leave(room: string, connection: Connection): void {
    const members = membersOf.get(room);
    members?.delete(connection);
    if (members?.size === 0) membersOf.delete(room);
  }

  function leaveAll(connection: Connection): void {
    const room = roomsOf.get(connection);
    if (room !== undefined) leave(room, connection);
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
