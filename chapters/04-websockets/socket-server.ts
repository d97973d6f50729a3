// The sockets that are open on the server: how they begin, what they may send, and how they end. What their messages
// mean is somebody else's business.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import type { z } from "zod";
import { CLOSE_CODES } from "../../shared/close-codes.ts";
import { createOutlet, type SocketOutlet } from "./outlet.ts";

export type { SocketOutlet };

export interface SocketSettings {
  /** A longer message closes the socket with 1009. In bytes. @default 65536 */
  readonly maxMessageBytes?: number;
  /** More of them in one second of the clock close it with 4013. @default 50 */
  readonly maxMessagesPerSecond?: number;
  /** So many messages in a row that are none close it with 4400. @default 10 */
  readonly maxBadMessages?: number;
  /** A client that has left this much unread is closed with 4008. In bytes. @default 1048576 */
  readonly maxBacklogBytes?: number;
  /** So is one whose backlog has not become smaller for so long. In milliseconds. @default 5000 */
  readonly maxStallMs?: number;
  /** A ping goes out so often; a client that has not answered the last one is closed with 4012. @default 25000 */
  readonly heartbeatMs?: number;
  /** How long a client may take to answer a close, in milliseconds. @default 5000 */
  readonly closeTimeoutMs?: number;
}

/** Messages that every protocol here has. */
export type CommonMessage =
  /** The first one: what the server expects of the client. */
  | { readonly type: "hello"; readonly maxMessageBytes: number; readonly maxMessagesPerSecond: number }
  | { readonly type: "error"; readonly code: string; readonly message: string };

/** What goes over the sockets, and what is done about it. */
export interface Protocol<Incoming extends object> {
  /** @returns the message, or a sentence that says what is wrong with the text */
  parse(text: string): Incoming | string;
  encode(message: CommonMessage): Uint8Array;
  /** How encoded bytes go out. @default as the payload of a text frame */
  write?(socket: WebSocket, connection: Duplex): (bytes: Uint8Array) => void;
  /** A client has come. What it sends goes to `onMessage`, until `onClose`. */
  open(
    outlet: SocketOutlet,
    request: IncomingMessage,
  ): {
    readonly onMessage: (message: Incoming) => void;
    readonly onClose: () => void;
    /** It has answered a ping. */
    readonly onPong?: () => void;
  };
}

export function createSocketServer<Incoming extends object>(
  protocol: Protocol<Incoming>,
  settings: SocketSettings = {},
) {
  const {
    maxMessageBytes = 65_536,
    maxMessagesPerSecond = 50,
    maxBadMessages = 10,
    maxBacklogBytes = 1_048_576,
    maxStallMs = 5_000,
    heartbeatMs = 25_000,
    closeTimeoutMs = 5_000,
  } = settings;
  const { encode, parse, write = (socket) => (bytes) => socket.send(bytes, { binary: false }) } = protocol;
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    maxPayload: maxMessageBytes,
    // It would cost a hundred kilobytes and more of memory for each connection, and our messages are small.
    perMessageDeflate: false,
    // After it, the connection is cut, whether the client has answered our close or not.
    closeTimeout: closeTimeoutMs,
  };
  const server = new WebSocketServer(options);

  /** Answers a request for a WebSocket. The connection is ours from here on. */
  function upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    // What a client sends as its target may be no URL at all.
    const [path] = (request.url ?? "").split("?", 1);
    if (path !== "/ws") {
      // Whoever was refused has no say in how long the connection stays.
      connection.once("finish", () => connection.destroy());
      connection.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    server.handleUpgrade(request, connection, head, (socket) => open(socket, connection, request));
  }

  function open(socket: WebSocket, connection: Duplex, request: IncomingMessage): void {
    // What breaks the protocol itself: `ws` has already answered it with the close code that it deserves. First of all,
    // because an error that nobody listens to ends the process.
    socket.on("error", () => {});
    let badMessages = 0;
    const isTooMany = countPerSecond(maxMessagesPerSecond);
    const outlet = createOutlet(socket, { maxBacklogBytes, maxStallMs }, write(socket, connection));
    outlet.send(encode({ type: "hello", maxMessageBytes, maxMessagesPerSecond }));
    const client = orFail(() => protocol.open(outlet, request));
    if (!client) return;
    keepAlive(socket, heartbeatMs);

    socket.on("message", (data, isBinary) => {
      if (socket.readyState !== socket.OPEN) return; // what came behind the message that closed it
      if (isTooMany()) socket.close(CLOSE_CODES.tooMany, "too many messages");
      else if (isBinary) socket.close(1003, "only text");
      else onText(textOf(data));
    });
    socket.on("close", () => orFail(client.onClose));
    socket.on("pong", () => orFail(() => client.onPong?.()));

    /** A bug, or a database that cannot be read, ends this socket, and not the server with all the others. */
    function orFail<T>(run: () => T): T | undefined {
      try {
        return run();
      } catch (error) {
        console.error(error);
        outlet.fail();
        return undefined;
      }
    }

    function onText(text: string): void {
      const message = parse(text);
      if (typeof message !== "string") {
        badMessages = 0;
        orFail(() => client?.onMessage(message));
        return;
      }
      badMessages += 1;
      if (badMessages >= maxBadMessages) socket.close(CLOSE_CODES.badMessages, "that is not this protocol");
      else outlet.send(encode({ type: "error", code: "bad_message", message }));
    }
  }

  return {
    upgrade,
    /** Closes all sockets in good order; their clients come back. */
    close(): void {
      for (const socket of server.clients) socket.close(CLOSE_CODES.restart, "the server is restarting");
    },
    /** How many sockets are open. */
    get size() {
      return server.clients.size;
    },
  };
}

/** @returns a function that returns the message in a text, or a sentence that says what is wrong with it */
export function parserOf<Message>(schema: z.ZodType<Message>): (text: string) => Message | string {
  return (text) => {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return "This is no JSON.";
    }
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return `This is no message of this protocol: ${issue?.path.join(".") || "type"}: ${issue?.message}.`;
  };
}

/**
 * Silence is no sign of life, and no sign of death either: so we ask. Browsers answer a ping by themselves. It also keeps
 * proxies from taking a quiet connection for a dead one; many of them wait for 60 s.
 */
function keepAlive(socket: WebSocket, heartbeatMs: number): void {
  let hasAnswered = true;
  const heartbeat = setInterval(() => {
    if (!hasAnswered) socket.close(CLOSE_CODES.noPong, "no pong");
    else socket.ping();
    hasAnswered = false;
  }, heartbeatMs);
  socket.on("pong", () => {
    hasAnswered = true;
  });
  socket.on("close", () => clearInterval(heartbeat));
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

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString();
}
