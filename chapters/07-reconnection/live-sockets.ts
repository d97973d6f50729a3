// Grows ../06-auth/member-sockets.ts: commands come by socket too, and each socket hears that it is still connected.
import type { Boards } from "../../shared/board.ts";
import { Refusal } from "../../shared/refusal.ts";
import type { Extension, MemberSocket } from "../06-auth/member-sockets.ts";
import type { Commands } from "./commands.ts";
import type { Answer } from "./idempotency.ts";
import { type CommandLike, parseMessage, type ServerMessage } from "./messages.ts";

/** @param heartbeatMs how often each socket hears something, in milliseconds */
export function liveSockets(
  boards: Pick<Boards, "head">,
  commands: Commands,
  heartbeatMs: number,
): Extension<CommandLike> {
  function onMessage(socket: MemberSocket, message: CommandLike): void {
    const { key } = message;
    socket.send({ type: "answer", key, ...answerTo(socket, message) } satisfies ServerMessage);
  }

  /** There is an answer to everything with a key, or the client would ask for ever. */
  function answerTo(socket: MemberSocket, message: CommandLike): Answer {
    if (message.type === "bad_command") return errorAnswer(400, "bad_input", message.reason);
    const { key, ...command } = message;
    try {
      return commands.run(socket.userId, key, command);
    } catch (error) {
      console.error(error);
      return errorAnswer(500, "internal", "Something went wrong on the server.");
    }
  }

  function onOpen(socket: MemberSocket): () => void {
    function beat(): void {
      try {
        socket.send({
          type: "heartbeat",
          everyMs: heartbeatMs,
          heads: headsOf(socket),
        } satisfies ServerMessage);
      } catch (error) {
        // A timer has nobody above it: what it throws would end the process.
        console.error(error);
        socket.fail();
      }
    }
    // At once too: so that a client knows from the beginning how long a silence may be.
    beat();
    const timer = setInterval(beat, heartbeatMs);
    return () => clearInterval(timer);
  }

  function headsOf(socket: MemberSocket): Record<string, number> {
    const heads: Record<string, number> = {};
    for (const boardId of socket.boards) {
      const head = boards.head(boardId);
      if (!(head instanceof Refusal)) heads[boardId] = head.seq;
    }
    return heads;
  }

  return { parse: parseMessage, onMessage, onOpen };
}

function errorAnswer(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}
