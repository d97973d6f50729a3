// Leavings are counted, and the room is closed when all have left: until then those who have left go on hearing.
// Fails: when one has left, the others go on hearing, and that one does not
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: Now the others are not silenced any more. Is the one who leaves?
import { EventEmitter } from "node:events";
import type { Hear } from "../exercise.ts";

export function createBoardRooms() {
  const rooms = new EventEmitter().setMaxListeners(0);
  const members = new Map<string, number>();

  function join(boardId: string, hear: Hear): () => void {
    const room = roomOf(boardId);
    const tell = (message: string) => hear(boardId, message);
    rooms.on(room, tell);
    members.set(room, (members.get(room) ?? 0) + 1);
    return function leave() {
      const left = (members.get(room) ?? 0) - 1;
      members.set(room, left);
      if (left <= 0) rooms.removeAllListeners(room);
    };
  }

  function broadcast(boardId: string, message: string): void {
    rooms.emit(roomOf(boardId), message);
  }

  function memberCount(boardId: string): number {
    return rooms.listenerCount(roomOf(boardId));
  }

  return { join, broadcast, memberCount };
}

function roomOf(boardId: string): string {
  return `board:${boardId}`;
}
