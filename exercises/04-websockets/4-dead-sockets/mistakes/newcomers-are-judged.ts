// Only the very first round is let pass: who connects later is thrown out in the first round, and comes back, and is thrown out again.
// Fails: a socket that comes between two rounds is asked before it is judged
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: The first round of the server is not the first round of each socket.
import type { HeartbeatServer, HeartbeatSocket } from "../exercise.ts";

export function startHeartbeat(server: HeartbeatServer, heartbeatMs: number): void {
  let isFirst = true;
  let answered = new WeakSet<HeartbeatSocket>();

  server.on("connection", (socket) => {
    socket.on("pong", () => answered.add(socket));
  });

  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (socket.readyState !== socket.OPEN) continue;
      if (isFirst || answered.has(socket)) socket.ping();
      else socket.terminate();
    }
    isFirst = false;
    answered = new WeakSet();
  }, heartbeatMs);
  server.on("close", () => clearInterval(timer));
}
