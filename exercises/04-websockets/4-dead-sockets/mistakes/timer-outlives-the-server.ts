// The timer is never cleared: the rounds go on after the server has closed, and each restart adds a timer.
// Fails: there is one timer, and it ends with the server
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: Who still holds the interval when nobody is connected any more?
import type { HeartbeatServer, HeartbeatSocket } from "../exercise.ts";

export function startHeartbeat(server: HeartbeatServer, heartbeatMs: number): void {
  const owing = new WeakSet<HeartbeatSocket>();

  server.on("connection", (socket) => {
    socket.on("pong", () => owing.delete(socket));
  });

  setInterval(() => {
    for (const socket of server.clients) {
      if (socket.readyState !== socket.OPEN) continue;
      if (owing.has(socket)) {
        socket.terminate();
      } else {
        owing.add(socket);
        socket.ping();
      }
    }
  }, heartbeatMs);
}
