// Grows ../06-auth/member-sockets.ts: commands come by socket too, and each socket hears that it is still connected.
import type { Boards } from "../../shared/board.ts";
import { Refusal } from "../../shared/refusal.ts";
import type { Extension, MemberSocket } from "../06-auth/member-sockets.ts";
import type { CommandMessage, Commands } from "./commands.ts";
import { parseMessage, type ServerMessage } from "./messages.ts";

/** @param heartbeatMs how often each socket hears something, in milliseconds */
export function liveSockets(
  boards: Pick<Boards, "head">,
  commands: Commands,
  heartbeatMs: number,
): Extension<CommandMessage> {
  function onMessage(socket: MemberSocket, { key, ...command }: CommandMessage): void {
    socket.send({
      type: "answer",
      key,
      ...commands.run(socket.userId, key, command),
    } satisfies ServerMessage);
  }

  function onOpen(socket: MemberSocket): () => void {
    function beat(): void {
      const heads: Record<string, number> = {};
      for (const boardId of socket.boards) {
        const head = boards.head(boardId);
        if (!(head instanceof Refusal)) heads[boardId] = head.seq;
      }
      socket.send({ type: "heartbeat", everyMs: heartbeatMs, heads } satisfies ServerMessage);
    }
    // At once too: so that a client knows from the beginning how long a silence may be.
    beat();
    const timer = setInterval(beat, heartbeatMs);
    return () => clearInterval(timer);
  }

  return { parse: parseMessage, onMessage, onOpen };
}
