// Sockets that are closing get pings, and are cut for not answering: the close frame that was on its way is lost.
// Fails: a socket that is closing is left alone
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: What is in `server.clients` beside sockets that are open?
import type { HeartbeatServer, HeartbeatSocket } from "../exercise.ts";

export function startHeartbeat(server: HeartbeatServer, heartbeatMs: number): void {
  const owing = new WeakSet<HeartbeatSocket>();

  server.on("connection", (socket) => {
    socket.on("pong", () => owing.delete(socket));
  });

  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (owing.has(socket)) {
        socket.terminate();
      } else {
        owing.add(socket);
        socket.ping();
      }
    }
  }, heartbeatMs);
  server.on("close", () => clearInterval(timer));
}
