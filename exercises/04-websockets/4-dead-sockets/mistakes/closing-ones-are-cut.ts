// Whatever is not open is cut: a client that was told why it has to go is cut off before it has read it.
// Fails: a socket that is closing is left alone
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: A closing socket is no dead one. It has a time limit of its own.
import type { HeartbeatServer, HeartbeatSocket } from "../exercise.ts";

export function startHeartbeat(server: HeartbeatServer, heartbeatMs: number): void {
  const owing = new WeakSet<HeartbeatSocket>();

  server.on("connection", (socket) => {
    socket.on("pong", () => owing.delete(socket));
  });

  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (owing.has(socket) || socket.readyState !== socket.OPEN) {
        socket.terminate();
      } else {
        owing.add(socket);
        socket.ping();
      }
    }
  }, heartbeatMs);
  server.on("close", () => clearInterval(timer));
}
