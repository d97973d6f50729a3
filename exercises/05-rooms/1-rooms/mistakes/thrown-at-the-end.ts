// The errors are collected and thrown at the end: whoever made the change is told that it failed, although it is in the log.
// Fails: a connection whose send throws does not silence the others
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: Whose fault is a broken connection: the fault of the one who moved a task?
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
    for (const room of roomsOf.get(connection) ?? []) leave(room, connection);
  }

  function broadcast(room: string, message: string, except?: Connection): void {
    const errors: unknown[] = [];
    for (const member of membersOf.get(room) ?? []) {
      if (member === except) continue;
      try {
        member.send(message);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, "not everybody was told");
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
