// Whoever has left is muted and stays in the room: every visitor of the day is still called for each message.
// Fails: whoever has left is not kept
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: Bob hears nothing any more. Is he still in the room?
import { EventEmitter } from "node:events";
import type { Hear } from "../exercise.ts";

export function createBoardRooms() {
  const rooms = new EventEmitter().setMaxListeners(0);

  function join(boardId: string, hear: Hear): () => void {
    const room = roomOf(boardId);
    let hasLeft = false;
    const tell = (message: string) => {
      if (!hasLeft) hear(boardId, message);
    };
    rooms.on(room, tell);
    return function leave() {
      hasLeft = true;
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
