// Grows ../07-reconnection/live-sockets.ts: a socket is there for as long as it answers, and says when somebody types.
import type { Extension, MemberSocket, SocketPresence } from "../06-auth/member-sockets.ts";
import type { CommandLike } from "../07-reconnection/messages.ts";
import type { BoardPresence } from "./board-presence.ts";
import { parseMessage, type TypingMessage } from "./messages.ts";

export function presenceSockets(
  live: Extension<CommandLike>,
  people: BoardPresence,
): Extension<CommandLike | TypingMessage> {
  function onMessage(socket: MemberSocket, message: CommandLike | TypingMessage): void {
    if (message.type !== "typing" && message.type !== "stop_typing") live.onMessage(socket, message);
    else if (!socket.boards.has(message.boardId))
      return; // who is not on a board does not type there
    else if (message.type === "stop_typing") people.stopTyping(socket.id, message.boardId);
    else people.type(message.boardId, socket.id, socket.userId, message.taskId);
  }

  const presence: SocketPresence = {
    onJoin(socket, boardId) {
      people.refresh(boardId, socket.id, socket.userId);
      socket.send(people.read(boardId));
      return people.users(boardId);
    },

    onLeave(socket, boardId, how) {
      // A broken connection may be a reload. But nobody types on it.
      people.stopTyping(socket.id, boardId);
      if (how === "broken") people.drop(boardId, socket.id);
      else people.leave(boardId, socket.id);
    },

    onAlive(socket) {
      for (const boardId of socket.boards) people.refresh(boardId, socket.id, socket.userId);
    },

    onCaughtUp(socket) {
      for (const boardId of socket.boards) socket.send(people.read(boardId));
    },
  };

  return { parse: parseMessage, onMessage, onOpen: live.onOpen, presence };
}
