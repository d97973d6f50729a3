// Who is on a board, by whatever transport, and the signals that say so.

import type { PresenceMessage } from "./messages.ts";
import { createPresence, type PresenceChange, type PresenceSettings } from "./presence.ts";
import { createTyping, type TypingChange } from "./typing.ts";

export interface BoardPresenceSettings extends PresenceSettings {
  /** After so long without another word somebody has stopped typing, in milliseconds. @default 5000 */
  readonly typingMs?: number;
}

export interface BoardPresence {
  /** A connection is there: for the first time, or still. */
  refresh(boardId: string, connectionId: string, userId: string): void;
  /** A connection has broken: its user may be back in a moment. */
  drop(boardId: string, connectionId: string): void;
  /** A connection has said goodbye, or was shown out. */
  leave(boardId: string, connectionId: string): void;
  /** Somebody is no member any more: all their connections are gone. */
  remove(boardId: string, userId: string): void;
  type(boardId: string, connectionId: string, userId: string, taskId?: string): void;
  stopTyping(connectionId: string, boardId?: string): void;
  /** Who is there, each once. */
  users(boardId: string): string[];
  /** How things are, as far as this process knows. */
  read(boardId: string): PresenceMessage;
  /** How things are, from whoever knows best. */
  ask(boardId: string): PresenceMessage | Promise<PresenceMessage>;
  close(): void | Promise<void>;
  /** How many connections are remembered. */
  readonly size: number;
}

/** @param signal tells everybody on a board something that is about now, and is in no log */
export function createBoardPresence(
  signal: (boardId: string, change: PresenceChange | TypingChange) => void,
  { typingMs, ...settings }: BoardPresenceSettings = {},
): BoardPresence {
  const presence = createPresence((change) => signal(change.boardId, change), settings);
  const typing = createTyping((change) => signal(change.boardId, change), typingMs);

  function read(boardId: string): PresenceMessage {
    const now = typing.on(boardId).map(({ boardId: _, ...where }) => where);
    return { type: "presence", boardId, users: presence.users(boardId), typing: now };
  }

  return {
    refresh: presence.refresh,
    drop: presence.drop,
    users: presence.users,
    type: typing.type,
    stopTyping: typing.stop,
    read,
    ask: read,

    leave(boardId, connectionId) {
      typing.stop(connectionId, boardId);
      presence.leave(boardId, connectionId);
    },

    remove(boardId, userId) {
      typing.stopUser(boardId, userId);
      presence.remove(boardId, userId);
    },

    close() {
      presence.close();
      typing.close();
    },

    get size() {
      return presence.size;
    },
  };
}
