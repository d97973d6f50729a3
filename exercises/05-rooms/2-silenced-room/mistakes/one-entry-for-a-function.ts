// What to take away is looked up by the function that joined: when that has joined two boards, the entry of the second one is in the place of the first.
// Fails: whoever leaves one board goes on hearing of the other
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: How many memberships can one `hear` have? How many can your map hold for it?
import { EventEmitter } from "node:events";
import type { Hear } from "../exercise.ts";

export function createBoardRooms() {
  const rooms = new EventEmitter().setMaxListeners(0);
  const tells = new Map<Hear, (message: string) => void>();

  function join(boardId: string, hear: Hear): () => void {
    const room = roomOf(boardId);
    const tell = (message: string) => hear(boardId, message);
    tells.set(hear, tell);
    rooms.on(room, tell);
    return function leave() {
      rooms.off(room, tells.get(hear) ?? tell);
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
