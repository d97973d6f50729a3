// Who is on a board, by whatever transport, and the signals that say so.

import type { PresenceMessage } from "./messages.ts";
import { createPresence, type PresenceChange, type PresenceSettings } from "./presence.ts";
import { createTyping, type TypingChange } from "./typing.ts";

export interface BoardPresenceSettings extends PresenceSettings {
  /** After so long without another word somebody has stopped typing, in milliseconds. @default 5000 */
  readonly typingMs?: number;
}

export type BoardPresence = ReturnType<typeof createBoardPresence>;

/** @param signal tells everybody on a board something that is about now, and is in no log */
export function createBoardPresence(
  signal: (boardId: string, change: PresenceChange | TypingChange) => void,
  { typingMs, ...settings }: BoardPresenceSettings = {},
) {
  const presence = createPresence((change) => signal(change.boardId, change), settings);
  const typing = createTyping((change) => signal(change.boardId, change), typingMs);

  return {
    refresh: presence.refresh,
    drop: presence.drop,
    users: presence.users,
    type: typing.type,
    stopTyping: typing.stop,

    /** A connection has said goodbye, or was shown out. */
    leave(boardId: string, connectionId: string): void {
      typing.stop(connectionId, boardId);
      presence.leave(boardId, connectionId);
    },

    /** Somebody is no member any more: all their connections are gone. */
    remove(boardId: string, userId: string): void {
      typing.stopUser(boardId, userId);
      presence.remove(boardId, userId);
    },

    /** How things are. */
    read(boardId: string): PresenceMessage {
      const now = typing.on(boardId).map(({ boardId: _, ...where }) => where);
      return { type: "presence", boardId, users: presence.users(boardId), typing: now };
    },

    close(): void {
      presence.close();
      typing.close();
    },

    /** How many connections are remembered. */
    get size(): number {
      return presence.size;
    },
  };
}
