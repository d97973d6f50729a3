// A ping counts as its own answer: nobody ever owes one, and a socket without a peer is asked for ever.
// Fails: a socket that does not answer is cut in the next round, and the others stay
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: What happens to what you remember of a socket when the ping goes out, and what when the pong comes in?
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
        socket.terminate();
      } else {
        socket.ping();
        owing.delete(socket);
      }
    }
  }, heartbeatMs);
  server.on("close", () => clearInterval(timer));
}
