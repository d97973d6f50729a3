// There is one flag for all sockets: as long as anybody answers, nobody is found dead.
// Fails: a socket that does not answer is cut in the next round, and the others stay
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: Whose pong was it? One flag cannot tell.
import type { HeartbeatServer } from "../exercise.ts";

export function startHeartbeat(server: HeartbeatServer, heartbeatMs: number): void {
  let hasAnswered = true;

  server.on("connection", (socket) => {
    socket.on("pong", () => {
      hasAnswered = true;
    });
  });

  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (socket.readyState !== socket.OPEN) continue;
      if (hasAnswered) socket.ping();
      else socket.terminate();
    }
    hasAnswered = false;
  }, heartbeatMs);
  server.on("close", () => clearInterval(timer));
}
