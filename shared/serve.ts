import type { IncomingMessage, Server as NodeServer, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ServerRequest } from "srvx";
import { serve as serveFetch } from "srvx/node";
import { DatabaseError } from "./database.ts";
import { answerError, errorResponse } from "./refusal.ts";
import { parsePort, SETTING_EXIT_CODE, SettingError } from "./settings.ts";
import { onStopSignal } from "./stop-signal.ts";

/** What can be served: an app from `setup`, or anything else with a `fetch`. */
export interface Servable {
  fetch(request: Request): Response | Promise<Response>;
  /**
   * Called when a client asks for another protocol on its connection (WebSocket). The socket is the app's from then
   * on: answer on it, and end it.
   * @param head bytes that came behind the request already
   */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Called when the server stops accepting: answer whoever is kept waiting, and end what would never end. */
  close?(): void | Promise<void>;
}

export interface ListenOptions {
  /** 0 lets the system choose a free one. @default 0 */
  readonly port?: number;
  /** @default "127.0.0.1": this machine only */
  readonly hostname?: string;
  /** How long `close` waits for answers under way before it cuts them, in milliseconds. @default 8000 */
  readonly graceMs?: number;
}

export interface RunningServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** For what needs more than `fetch`: upgrades, connection counts. */
  readonly node: NodeServer;
  /** Stops accepting, ends streams, waits for answers under way, cuts what is left. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Limits that every server of the course has.
 * @see https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener
 */
const LIMITS = {
  /** How long a client may take to send its head, in milliseconds: slowloris sends it for ever. */
  headersTimeout: 10_000,
  /** How long a client may take to send a whole request, in milliseconds. Answers may take as long as they like. */
  requestTimeout: 30_000,
  /** How often the two above are looked at, in milliseconds. Node's default of 30 s can make a 10 s limit 40 s. */
  connectionsCheckingInterval: 1_000,
};

/** Connections at the same time; a further one is closed at once. */
const MAX_CONNECTIONS = 10_000;

/**
 * Serves an app over HTTP on this machine.
 * @throws {SettingError} when the port is taken or not allowed
 */
export async function listen(app: Servable, options: ListenOptions = {}): Promise<RunningServer> {
  const { port = 0, hostname = "127.0.0.1", graceMs = 8_000 } = options;
  const streams = new Set<ServerResponse>();
  const underWay = new Set<ServerResponse>();
  const connections = new Set<Socket>();
  const upgraded = new Set<Duplex>();
  const answersOn = new WeakMap<Duplex, Set<ServerResponse>>();

  const nodeOptions = {
    ...LIMITS,
    // A client may offer another protocol that nobody here speaks (`Upgrade: h2c`), and a server may ignore that. Node
    // can since 24.9; before, it hands over every such request to an app that has an `upgrade`, and that refuses it.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) =>
      app.upgrade !== undefined && headers.upgrade?.toLowerCase() === "websocket",
  };
  const server = serveFetch({
    port,
    hostname,
    manual: true,
    silent: true,
    gracefulShutdown: false,
    node: nodeOptions,
    fetch: async (request) => {
      // A Host header can be anything, and everybody after this relies on the URL.
      if (!URL.canParse(request.url)) return errorResponse(400, "bad_host", "The Host header is no host.");
      const response = await app.fetch(request);
      const { res } = nodeOf(request);
      // A client that is gone already has no "close" to come.
      if (res && !res.destroyed && isEventStream(response)) remember(streams, res);
      // The rest of a body that was too large may still be on its way: no next request can follow it.
      if (res && response.status === 413) res.shouldKeepAlive = false;
      return response;
    },
    error: (error) => answerError({ error }),
  });
  const node = server.node?.server as NodeServer;
  node.maxConnections = MAX_CONNECTIONS;
  node.on("connection", (socket) => {
    remember(connections, socket);
    const answers = new Set<ServerResponse>();
    answersOn.set(socket, answers);
    // A client can send its next request before the last one is answered. Those answers wait, and when the client hangs
    // up, Node forgets to tell them: a stream among them would live for ever.
    socket.once("close", () => {
      for (const response of [...answers]) response.emit("close");
    });
  });
  if (app.upgrade) {
    node.on("upgrade", (request, socket, head) => {
      remember(upgraded, socket);
      // Node's own listener is gone by now, and an error that nobody listens to ends the process.
      socket.on("error", () => {});
      try {
        app.upgrade?.(request, socket, head);
      } catch (error) {
        console.error(error);
        socket.destroy();
      }
    });
  }
  node.prependListener("request", (request, response) => {
    remember(underWay, response);
    const answers = answersOn.get(request.socket);
    if (answers) remember(answers, response);
  });
  try {
    await server.serve();
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, port, hostname);
  }

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => node.close(() => resolve()));
    for (const response of underWay) {
      // Tells the client not to send its next request on this connection, if it is not too late to say so.
      response.shouldKeepAlive = false;
      response.once("close", dropIdleConnections);
    }
    await app.close?.();
    // `node.close` waits for every answer, and a stream is an answer without an end.
    for (const stream of streams) stream.end();
    dropIdleConnections();
    const cut = setTimeout(() => {
      node.closeAllConnections();
      // Those are not Node's any more.
      for (const socket of upgraded) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(cut);
  }

  // Not `node.closeIdleConnections()`: it spares connections that have not sent a request yet.
  function dropIdleConnections(): void {
    const busy = new Set([...underWay].map((response) => response.socket));
    for (const connection of connections) {
      if (connection.writable && !busy.has(connection) && !upgraded.has(connection)) connection.destroySoon();
    }
  }

  const address = node.address();
  const realPort = typeof address === "object" && address ? address.port : port;
  return {
    url: `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${realPort}`,
    port: realPort,
    node,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

export interface ServeOptions extends Omit<ListenOptions, "port"> {
  /** Is told when the server listens. @default prints where, unless there is a parent process */
  readonly onListening?: (server: RunningServer) => void;
  /** Ends what the app needed until its last answer: its database, for instance. */
  readonly onClosed?: () => void | Promise<void>;
}

/**
 * What a chapter's `server.ts` runs: builds the app, listens on `PORT`, and stops in good order on SIGINT (Ctrl-C)
 * and SIGTERM; a second one stops at once. What a person can mend is one sentence and exit code 78.
 *
 * Under a parent process (`npm run chapter`), the end of the channel to it is the signal, and Ctrl-C is the parent's.
 */
export async function serve(
  createApp: () => Servable | Promise<Servable>,
  { onListening, onClosed, ...options }: ServeOptions = {},
): Promise<void> {
  let server: RunningServer;
  try {
    server = await listen(await createApp(), { ...options, port: parsePort(process.env.PORT) });
  } catch (error) {
    if (!(error instanceof SettingError || error instanceof DatabaseError)) throw error;
    console.error(error.message);
    process.exit(SETTING_EXIT_CODE);
  }

  async function stop(): Promise<void> {
    await server.close();
    await onClosed?.();
    process.exit(0);
  }
  onListening?.(server);
  if (process.send) {
    process.on("SIGINT", () => {});
    onStopSignal(["SIGTERM"], stop);
    process.on("disconnect", stop);
    // The parent may have changed its mind meanwhile.
    if (!process.connected) await stop();
    process.send({ listening: server.port }, undefined, undefined, () => {});
  } else {
    onStopSignal(["SIGINT", "SIGTERM"], stop);
    if (!onListening)
      process.stdout.write(`Listening on http://localhost:${server.port}; Ctrl-C stops it.\n`);
  }
}

function explain(error: NodeJS.ErrnoException, port: number, hostname: string): Error {
  if (error.code === "EADDRINUSE") {
    return new SettingError(
      `Port ${port} is taken: stop the program that listens there, or set PORT to another number.`,
    );
  }
  if (error.code === "EACCES") {
    return new SettingError(`Port ${port} is not allowed for this user: set PORT to a number above 1023.`);
  }
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
    return new SettingError(`HOST is "${hostname}", which is no address of this machine: set it to one.`);
  }
  return error;
}

/** Keeps something in a set until it is closed. */
function remember<T extends ServerResponse | Duplex>(set: Set<T>, member: T): void {
  set.add(member);
  member.once("close", () => set.delete(member));
}

function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}

function nodeOf(request: ServerRequest): { res?: ServerResponse } {
  return (request.runtime?.node ?? {}) as { res?: ServerResponse };
}
