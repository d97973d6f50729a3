// The sockets that are open on the server, and what each of them may do.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { CLOSE_CODES } from "../../shared/close-codes.ts";
import { formatCursor, parseCursor } from "../../shared/cursor.ts";
import { Refusal } from "../../shared/refusal.ts";
import { createFollowers, type Encoding, type Log, type Outlet } from "../03-sse/followers.ts";
import { type ClientMessage, parseMessage, type ServerMessage } from "./messages.ts";

export interface SocketSettings {
  /** A longer message closes the socket with 1009. In bytes. @default 65536 */
  readonly maxMessageBytes?: number;
  /** More of them close it with 4013. @default 50 */
  readonly maxMessagesPerSecond?: number;
  /** So many messages in a row that are none close it with 4400. @default 10 */
  readonly maxBadMessages?: number;
  /** A client that has left this much unread is closed with 4008. In bytes. @default 1048576 */
  readonly maxBacklogBytes?: number;
  /** So is one that has taken nothing for so long, while something waited for it. In milliseconds. @default 5000 */
  readonly maxStallMs?: number;
  /** How long a client may take to answer a close, in milliseconds. @default 5000 */
  readonly closeTimeoutMs?: number;
}

/** Below this a client counts as having taken what was sent, in bytes. */
const NEARLY_DRAINED_BYTES = 65_536;

/** How often a backlog is looked at, in milliseconds. */
const LOOK_MS = 50;

const ENCODING: Encoding = {
  event: (event, epoch) => encode({ type: "event", id: formatCursor({ epoch, seq: event.seq }), event }),
  reset: (boardId, reason, { seq }) => encode({ type: "reset", boardId, reason, seq }),
};

export function createSockets(log: Log, settings: SocketSettings = {}) {
  const {
    maxMessageBytes = 65_536,
    maxMessagesPerSecond = 50,
    maxBadMessages = 10,
    maxBacklogBytes = 1_048_576,
    maxStallMs = 5_000,
    closeTimeoutMs = 5_000,
  } = settings;
  const followers = createFollowers(log, ENCODING);
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    maxPayload: maxMessageBytes,
    // It would cost a hundred kilobytes and more of memory for each connection, and our messages are small.
    perMessageDeflate: false,
    // After it, the connection is cut, whether the client has answered our close or not.
    closeTimeout: closeTimeoutMs,
  };
  const server = new WebSocketServer(options);

  /** Answers a request for a WebSocket. The socket is ours from here on. */
  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    if (pathname !== "/ws") {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    server.handleUpgrade(request, socket, head, open);
  }

  function open(socket: WebSocket): void {
    let unfollow = () => {};
    let badMessages = 0;
    const isTooMany = countPerSecond(maxMessagesPerSecond);
    const outlet = createOutlet(socket, { maxBacklogBytes, maxStallMs });
    const send = (message: ServerMessage) => outlet.send(encode(message));

    socket.on("message", (data, isBinary) => {
      if (socket.readyState !== socket.OPEN) return; // what came behind the message that closed it
      if (isTooMany()) socket.close(CLOSE_CODES.tooMany, "too many messages");
      else if (isBinary) socket.close(1003, "only text");
      else onText(textOf(data));
    });
    // What breaks the protocol itself: `ws` has already answered it with the close code that it deserves.
    socket.on("error", () => {});
    socket.on("close", () => unfollow());
    send({ type: "hello", maxMessageBytes, maxMessagesPerSecond });

    function onText(text: string): void {
      const message = parseMessage(text);
      if (typeof message !== "string") {
        badMessages = 0;
        onMessage(message);
        return;
      }
      badMessages += 1;
      if (badMessages >= maxBadMessages) socket.close(CLOSE_CODES.badMessages, "that is not this protocol");
      else send({ type: "error", code: "bad_message", message });
    }

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
  }

  return {
    upgrade,
    publish: followers.publish,
    /** Closes all sockets in good order; their clients come back. */
    close(): void {
      for (const socket of server.clients) socket.close(CLOSE_CODES.restart, "the server is restarting");
    },
    /** How many sockets are open. */
    get size() {
      return server.clients.size;
    },
    /** How many boards anybody follows. */
    get boardCount() {
      return followers.boardCount;
    },
  };
}

/** One client's way out: bounded, because a client that does not read must not cost more than it is worth. */
function createOutlet(
  socket: WebSocket,
  { maxBacklogBytes, maxStallMs }: { maxBacklogBytes: number; maxStallMs: number },
): Outlet {
  let timer: ReturnType<typeof setInterval> | undefined;
  let waiting: (() => void)[] = [];
  let lastBacklog = 0;
  let lastProgressAt = 0;

  function send(bytes: Uint8Array): void {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(bytes, { binary: false });
    if (socket.bufferedAmount > maxBacklogBytes) cut();
    else watch();
  }

  /** A socket does not say when it has drained, so we look, as long as something waits. */
  function watch(): void {
    if (timer || socket.bufferedAmount === 0) return;
    lastBacklog = socket.bufferedAmount;
    lastProgressAt = performance.now();
    timer = setInterval(look, LOOK_MS);
  }

  function look(): void {
    const backlog = socket.bufferedAmount;
    if (backlog < lastBacklog) lastProgressAt = performance.now();
    lastBacklog = backlog;
    if (backlog <= NEARLY_DRAINED_BYTES || socket.readyState !== socket.OPEN) resume();
    if (backlog === 0 || socket.readyState !== socket.OPEN) stop();
    else if (performance.now() - lastProgressAt > maxStallMs) cut();
  }

  /** The close frame waits behind everything else. If the client does not read that far, the time limit ends it. */
  function cut(): void {
    socket.close(CLOSE_CODES.slow, "the client does not read");
    stop();
    resume();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  function resume(): void {
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  socket.on("close", () => {
    stop();
    resume();
  });
  return {
    send,
    drained: async () => {
      if (socket.bufferedAmount <= NEARLY_DRAINED_BYTES || socket.readyState !== socket.OPEN) return;
      watch();
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
  };
}

/** @returns counts one more, and says whether that is too many */
function countPerSecond(max: number): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.floor(performance.now() / 1_000);
    if (now !== second) count = 0;
    second = now;
    count += 1;
    return count > max;
  };
}

function encode(message: ServerMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString();
}
