// Grows ../../../chapters/04-websockets/socket-server.ts: how sockets begin and end. The door is asked before the 101.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { createRateLimit } from "../../../chapters/06-auth/rate-limit.ts";
import { refuseUpgrade } from "../../../chapters/06-auth/refuse-upgrade.ts";
import { CLOSE_CODES } from "../../../shared/close-codes.ts";
import { errorResponse } from "../../../shared/refusal.ts";
import type { LiveSession } from "./live-auth.ts";
import { MemberSocket, type SocketContext } from "./member-socket.ts";
import { tooManyHeld } from "./refusals.ts";

export interface BoardSocketsOptions extends SocketContext {
  readonly closeTimeoutMs: number;
  /** Is told of every request for a socket, and what it was answered: 101, or a refusal. */
  onUpgrade?(request: IncomingMessage, status: number, userId: string | undefined): void;
}

/** How many sockets an address may open without having said who it is. */
const STRANGERS = { burst: 20, perSecond: 2 };

/** Where a `ws` socket has its client: listeners that all sockets share find it here. */
const CLIENT = Symbol("client");
type OurSocket = WebSocket & { [CLIENT]?: MemberSocket };

export function createBoardSockets({
  closeTimeoutMs,
  onUpgrade = () => {},
  ...context
}: BoardSocketsOptions) {
  const { auth } = context;
  const strangers = createRateLimit(STRANGERS);
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    maxPayload: context.maxMessageBytes,
    // It would cost a hundred kilobytes and more of memory for each connection, and frames could not be shared.
    perMessageDeflate: false,
    closeTimeout: closeTimeoutMs,
  };
  const server = new WebSocketServer(options);
  let isClosing = false;

  /** Answers a request for a WebSocket. The connection is ours from here on. */
  function upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    decide(request, connection, head).catch((error) => {
      context.onError(error, "a handshake has failed");
      connection.destroy();
    });
  }

  async function decide(request: IncomingMessage, connection: Duplex, head: Buffer): Promise<void> {
    const answer = await admit(request);
    if (answer instanceof Response) {
      onUpgrade(request, answer.status, undefined);
      return refuseUpgrade(connection, answer);
    }
    const address = addressOf(request);
    server.handleUpgrade(request, connection, head, (socket) => {
      onUpgrade(request, 101, answer === "later" ? undefined : answer.userId);
      open(socket, connection, address, answer);
    });
  }

  async function admit(request: IncomingMessage): Promise<LiveSession | "later" | Response> {
    // What a client sends as its target may be no URL at all.
    const [path] = (request.url ?? "").split("?", 1);
    if (path !== "/ws") return errorResponse(404, "not_found", "There is no such route.");
    if (isClosing) return errorResponse(503, "busy", "The server is restarting.");
    const who = await auth.admitSocket(request);
    if (who instanceof Response) return who;
    if (who === "later") {
      const waitMs = strangers.take(addressOf(request));
      return waitMs > 0 ? tooManyHeld(waitMs) : who;
    }
    return (await auth.permissions.mayHold(who.userId)) ? who : tooManyHeld(1_000);
  }

  function addressOf({ socket, headers }: IncomingMessage): string {
    const forwardedFor = headers["x-forwarded-for"];
    return auth.addressOf(socket.remoteAddress, forwardedFor === undefined ? null : String(forwardedFor));
  }

  function open(
    socket: OurSocket,
    connection: Duplex,
    address: string,
    session: LiveSession | "later",
  ): void {
    // What breaks the protocol itself: `ws` has already answered it with the close code that it deserves. First of all,
    // because an error that nobody listens to ends the process.
    socket.on("error", ignore);
    const client = new MemberSocket(context, socket, connection, address);
    socket[CLIENT] = client;
    socket.on("message", onMessage);
    socket.on("pong", onPong);
    socket.on("close", onClose);
    client.open(session);
    if (isClosing) client.outlet.end(CLOSE_CODES.restart, "the server is restarting");
  }

  function onMessage(this: OurSocket, data: RawData, isBinary: boolean): void {
    const client = this[CLIENT];
    try {
      if (isBinary) client?.outlet.end(1003, "only text");
      else client?.onText(textOf(data));
    } catch (error) {
      context.onError(error, "a message has failed");
      client?.outlet.fail();
    }
  }

  return {
    upgrade,

    /** Closes all sockets in good order; their clients come back. Cuts those that have not answered in time. */
    async close(withinMs: number): Promise<void> {
      isClosing = true;
      const closed = [...server.clients].map(
        (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())),
      );
      for (const socket of server.clients as Set<OurSocket>) {
        socket[CLIENT]?.outlet.end(CLOSE_CODES.restart, "the server is restarting");
      }
      const cut = setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
      }, withinMs);
      await Promise.all(closed);
      clearTimeout(cut);
    },

    /** How many are open. */
    get size() {
      return server.clients.size;
    },
  };
}

function ignore(): void {}

function onPong(this: OurSocket): void {
  this[CLIENT]?.onPong();
}

function onClose(this: OurSocket): void {
  this[CLIENT]?.onClosing();
  this[CLIENT]?.outlet.resume();
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString();
}
