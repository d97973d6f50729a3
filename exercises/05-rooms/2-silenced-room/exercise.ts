import { EventEmitter } from "node:events";

/** Takes what is said about a board. */
export type Hear = (boardId: string, message: string) => void;

/** Who hears what is said about which board. */
export function createBoardRooms() {
  // A room may have hundreds of members. Node's warning at eleven is meant for handlers that pile up by mistake.
  const rooms = new EventEmitter().setMaxListeners(0);

  /**
   * @param hear called with every message from now on
   * @returns leaves again
   */
  function join(boardId: string, hear: Hear): () => void {
    const room = roomOf(boardId);
    rooms.on(room, (message: string) => hear(boardId, message));
    return function leave() {
      rooms.removeAllListeners(room);
    };
  }

  function broadcast(boardId: string, message: string): void {
    rooms.emit(roomOf(boardId), message);
  }

  /** How many handlers a room has. */
  function memberCount(boardId: string): number {
    return rooms.listenerCount(roomOf(boardId));
  }

  return { join, broadcast, memberCount };
}

/** With a prefix: a board may be called `error`, and an emitter has a meaning of its own for that. */
function roomOf(boardId: string): string {
  return `board:${boardId}`;
}
