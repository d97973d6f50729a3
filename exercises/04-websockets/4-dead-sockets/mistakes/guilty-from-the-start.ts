// A socket counts as dead until it has answered something: everybody is thrown out in the first round.
// Fails: a socket that answers is asked in every round, and stays
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: Before the first ping a socket owes nothing. What do you remember of one that has just come?
import type { HeartbeatServer, HeartbeatSocket } from "../exercise.ts";

export function startHeartbeat(server: HeartbeatServer, heartbeatMs: number): void {
  const owing = new WeakSet<HeartbeatSocket>();

  server.on("connection", (socket) => {
    owing.add(socket);
    socket.on("pong", () => owing.delete(socket));
  });

  const timer = setInterval(() => {
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
  server.on("close", () => clearInterval(timer));
}
