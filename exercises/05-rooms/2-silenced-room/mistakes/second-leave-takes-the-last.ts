// A second leave takes away the last one in the list: a clumsy client that leaves twice silences a stranger.
// Fails: leaving twice takes nobody else away
// Lesson: chapters/05-rooms/README.md#build-it
// Hint: What is the `indexOf` of something that is not there any more, and what does `splice` make of that number?
import type { Hear } from "../exercise.ts";

type Tell = (message: string) => void;

export function createBoardRooms() {
  const rooms = new Map<string, Tell[]>();

  function join(boardId: string, hear: Hear): () => void {
    const members = rooms.get(boardId) ?? [];
    rooms.set(boardId, members);
    const tell = (message: string) => hear(boardId, message);
    members.push(tell);
    return function leave() {
      members.splice(members.indexOf(tell), 1);
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
