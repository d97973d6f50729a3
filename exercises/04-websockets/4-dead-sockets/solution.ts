/** What a heartbeat needs of a socket. A `WebSocket` of `ws` has it. */
export interface HeartbeatSocket {
  readonly readyState: number;
  /** The `readyState` of a socket that is open. */
  readonly OPEN: 1;
  ping(): void;
  /** Sends a close frame, and waits for the answer. */
  close(code?: number): void;
  /** Cuts the connection, at once. */
  terminate(): void;
  on(event: "pong", handler: () => void): unknown;
}

/** What it needs of a server. A `WebSocketServer` of `ws` has it. */
export interface HeartbeatServer {
  /** Those that are connected now. */
  readonly clients: ReadonlySet<HeartbeatSocket>;
  on(event: "connection", handler: (socket: HeartbeatSocket) => void): unknown;
  on(event: "close", handler: () => void): unknown;
}

/**
 * Finds sockets that have died without a word, and ends them.
 * @param heartbeatMs from one round to the next
 */
export function startHeartbeat(server: HeartbeatServer, heartbeatMs: number): void {
  /** They got a ping and have not answered it. Weak: a socket that has gone does not have to be taken out. */
  const owing = new WeakSet<HeartbeatSocket>();

  server.on("connection", (socket) => {
    // Once for each socket. In the round there would be one more handler every time.
    socket.on("pong", () => owing.delete(socket));
  });

  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (socket.readyState !== socket.OPEN) continue;
      if (owing.has(socket)) {
        socket.terminate();
      } else {
        // Whoever is new owes nothing yet, and so begins here.
        owing.add(socket);
        socket.ping();
      }
    }
  }, heartbeatMs);
  server.on("close", () => clearInterval(timer));
}
