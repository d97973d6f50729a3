// A room has one place for a function: whoever joins takes it from the one before.
// Fails: everybody on a board hears what is said about it
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: How many can be in a room? What happens to the first when the second one comes?
import type { Hear } from "../exercise.ts";

export function createBoardRooms() {
  const rooms = new Map<string, Hear>();

  function join(boardId: string, hear: Hear): () => void {
    rooms.set(boardId, hear);
    return function leave() {
      if (rooms.get(boardId) === hear) rooms.delete(boardId);
    };
  }

  function broadcast(boardId: string, message: string): void {
    rooms.get(boardId)?.(boardId, message);
  }

  function memberCount(boardId: string): number {
    return rooms.has(boardId) ? 1 : 0;
  }

  return { join, broadcast, memberCount };
}
