// The dead socket is closed politely: the server waits for an answer that cannot come, and still counts the person as here.
// Fails: a socket that does not answer is cut in the next round, and the others stay
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: Who has to do something before `close()` is finished? Is anybody there?
import type { HeartbeatServer, HeartbeatSocket } from "../exercise.ts";

export function startHeartbeat(server: HeartbeatServer, heartbeatMs: number): void {
  const owing = new WeakSet<HeartbeatSocket>();

  server.on("connection", (socket) => {
    socket.on("pong", () => owing.delete(socket));
  });

  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (socket.readyState !== socket.OPEN) continue;
      if (owing.has(socket)) {
        socket.close();
      } else {
        owing.add(socket);
        socket.ping();
      }
    }
  }, heartbeatMs);
  server.on("close", () => clearInterval(timer));
}
