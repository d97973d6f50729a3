// A set of functions has each of them once: a function that joins twice is called once, and its first leave ends both.
// Fails: two memberships of one function end one by one
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: A membership is a call of `join`. What does a set make of the second one?
import type { Hear } from "../exercise.ts";

export function createBoardRooms() {
  const rooms = new Map<string, Set<Hear>>();

  function join(boardId: string, hear: Hear): () => void {
    const members = (rooms.get(boardId) ?? new Set()).add(hear);
    rooms.set(boardId, members);
    return function leave() {
      members.delete(hear);
    };
  }

  function broadcast(boardId: string, message: string): void {
    for (const hear of rooms.get(boardId) ?? []) hear(boardId, message);
  }

  function memberCount(boardId: string): number {
    return rooms.get(boardId)?.size ?? 0;
  }

  return { join, broadcast, memberCount };
}
