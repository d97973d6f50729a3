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
  server.on("connection", (socket) => {
    // TODO: Remember of each socket whether it owes an answer.
    socket.on("pong", () => {});
  });
  setInterval(() => {
    for (const socket of server.clients) {
      // TODO: Leave alone what is not open, and end what has not answered.
      socket.ping();
    }
  }, heartbeatMs);
  // TODO: End the timer with the server.
}
