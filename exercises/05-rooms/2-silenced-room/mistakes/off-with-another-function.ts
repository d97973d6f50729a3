// A leave takes nothing away: Bob has left, and goes on hearing everything.
// Fails: when one has left, the others go on hearing, and that one does not
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: Which function did `on` get? Only that very one can be taken away, and another one with the same text is another one.
import { EventEmitter } from "node:events";
import type { Hear } from "../exercise.ts";

export function createBoardRooms() {
  const rooms = new EventEmitter().setMaxListeners(0);

  function join(boardId: string, hear: Hear): () => void {
    const room = roomOf(boardId);
    const tell = (message: string) => hear(boardId, message);
    rooms.on(room, tell);
    return function leave() {
      rooms.off(room, (message: string) => hear(boardId, message));
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
