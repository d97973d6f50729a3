// What a socket can ask for: to follow a board.
import { formatCursor, parseCursor } from "../../shared/cursor.ts";
import { Refusal } from "../../shared/refusal.ts";
import { createFollowers, type Encoding, type Log, type Outlet } from "../03-sse/followers.ts";
import { type ClientMessage, parseMessage, type ServerMessage } from "./messages.ts";
import { createSocketServer, type SocketSettings } from "./socket-server.ts";

const ENCODING: Encoding = {
  event: (event, epoch) => encode({ type: "event", id: formatCursor({ epoch, seq: event.seq }), event }),
  reset: (boardId, reason, { seq }) => encode({ type: "reset", boardId, reason, seq }),
};

export function createBoardSockets(log: Log, settings?: SocketSettings) {
  const followers = createFollowers(log, ENCODING);
  const server = createSocketServer<ClientMessage>({ parse: parseMessage, encode, open }, settings);

  function open(outlet: Outlet) {
    let unfollow = () => {};
    const send = (message: ServerMessage) => outlet.send(encode(message));

    function onMessage(message: ClientMessage): void {
      if (message.type === "join") {
        join(message.boardId, message.after);
      } else if (message.type === "leave") {
        unfollow();
        send({ type: "left", boardId: message.boardId });
      } else {
        send({ type: "pong" });
      }
    }

    /** One board at a time: joining another one leaves this one. Chapter 05 has more. */
    function join(boardId: string, after: string | undefined): void {
      const head = log.head(boardId);
      if (head instanceof Refusal) {
        send({ type: "error", code: head.code, message: head.message });
        return;
      }
      unfollow();
      const cursor = after === undefined ? head : parseCursor(after);
      send({ type: "joined", boardId, seq: cursor?.seq ?? head.seq });
      unfollow = followers.follow(boardId, outlet, cursor, head);
    }

    return { onMessage, onClose: () => unfollow() };
  }

  return {
    upgrade: server.upgrade,
    close: server.close,
    publish: followers.publish,
    /** How many sockets are open. */
    get size() {
      return server.size;
    },
    /** How many boards anybody follows. */
    get boardCount() {
      return followers.boardCount;
    },
  };
}

function encode(message: ServerMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}
