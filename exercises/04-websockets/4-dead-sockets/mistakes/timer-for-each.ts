// Each socket has a timer of its own: ten thousand sockets are ten thousand timers, and those of sockets that have gone tick on.
// Fails: there is one timer, and it ends with the server
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: `server.clients` knows who is there. How many timers does it take to go through it?
import type { HeartbeatServer, HeartbeatSocket } from "../exercise.ts";

export function startHeartbeat(server: HeartbeatServer, heartbeatMs: number): void {
  const owing = new WeakSet<HeartbeatSocket>();

  server.on("connection", (socket) => {
    socket.on("pong", () => owing.delete(socket));
    const timer = setInterval(() => {
      if (!server.clients.has(socket) || socket.readyState !== socket.OPEN) return;
      if (owing.has(socket)) {
        socket.terminate();
      } else {
        owing.add(socket);
        socket.ping();
      }
    }, heartbeatMs);
    server.on("close", () => clearInterval(timer));
  });
}
