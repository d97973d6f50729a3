// Leaving filters out every membership of the same function: one of two tabs leaves, and the other one is silent.
// Fails: two memberships of one function end one by one
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: What do you compare, the function or the membership?
import type { Hear } from "../exercise.ts";

export function createBoardRooms() {
  const rooms = new Map<string, Hear[]>();

  function join(boardId: string, hear: Hear): () => void {
    rooms.set(boardId, [...(rooms.get(boardId) ?? []), hear]);
    return function leave() {
      const others = (rooms.get(boardId) ?? []).filter((each) => each !== hear);
      rooms.set(boardId, others);
    };
  }

  function broadcast(boardId: string, message: string): void {
    for (const hear of rooms.get(boardId) ?? []) hear(boardId, message);
  }

  function memberCount(boardId: string): number {
    return rooms.get(boardId)?.length ?? 0;
  }

  return { join, broadcast, memberCount };
}
