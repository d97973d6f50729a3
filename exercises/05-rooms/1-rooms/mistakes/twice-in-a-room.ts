// A room is a list in which a connection can stand twice: who joins again, after a reconnect, hears everything doubled.
// Fails: whoever joins twice hears everything once, and has left after leaving once
// Lesson: chapters/05-rooms/README.md#the-idea
// Hint: What kind of collection has everything at most once?
import type { Connection, Rooms } from "../exercise.ts";

export function createRooms(): Rooms {
  const membersOf = new Map<string, Connection[]>();
  const roomsOf = new Map<Connection, Set<string>>();

  function join(room: string, connection: Connection): void {
    membersOf.set(room, [...(membersOf.get(room) ?? []), connection]);
    roomsOf.set(connection, (roomsOf.get(connection) ?? new Set()).add(room));
  }

  function leave(room: string, connection: Connection): void {
    const members = (membersOf.get(room) ?? []).filter((each) => each !== connection);
    if (members.length === 0) membersOf.delete(room);
    else membersOf.set(room, members);
    const rooms = roomsOf.get(connection);
    rooms?.delete(room);
    if (rooms?.size === 0) roomsOf.delete(connection);
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
