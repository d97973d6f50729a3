// Each one remembers its place in the list: when one has left, the places of those behind it are other ones, and the next leave hits the wrong person.
// Fails: whoever has left is not kept
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: Somebody before you leaves the queue. Do you still stand in place three?
import type { Hear } from "../exercise.ts";

type Tell = (message: string) => void;

export function createBoardRooms() {
  const rooms = new Map<string, Tell[]>();

  function join(boardId: string, hear: Hear): () => void {
    const members = rooms.get(boardId) ?? [];
    rooms.set(boardId, members);
    const tell = (message: string) => hear(boardId, message);
    const place = members.push(tell) - 1;
    let isIn = true;
    return function leave() {
      if (isIn) members.splice(place, 1);
      isIn = false;
    };
  }

  function broadcast(boardId: string, message: string): void {
    for (const tell of [...(rooms.get(boardId) ?? [])]) tell(message);
  }

  function memberCount(boardId: string): number {
    return rooms.get(boardId)?.length ?? 0;
  }

  return { join, broadcast, memberCount };
}
