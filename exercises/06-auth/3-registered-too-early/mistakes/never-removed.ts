// Nothing takes a socket out of the room when it closes: whoever hangs up stays in the room for ever.
// Fails: a member hears the board, and is out of the room after hanging up
// Lesson: chapters/06-auth/README.md#build-it
// Hint: What is put into the room has to come out again, in every case. Which event says that a socket is over?
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

const NOT_SIGNED_IN = 4401;

export function createBoardSockets(redeem: (ticket: string) => Promise<string | undefined>) {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const room = new Set<WebSocket>();

  async function open(socket: WebSocket, ticket: string): Promise<void> {
    socket.on("error", () => {});
    const userId = await redeem(ticket);
    if (userId === undefined) {
      socket.close(NOT_SIGNED_IN, "not signed in");
      return;
    }
    if (socket.readyState === socket.OPEN) room.add(socket);
  }

  return {
    fetch: () => new Response(null, { status: 404 }),

    upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
      const { searchParams } = new URL(request.url ?? "", "ws://localhost");
      server.handleUpgrade(request, connection, head, (socket) => {
        void open(socket, searchParams.get("ticket") ?? "");
      });
    },

    publish(event: object): void {
      for (const socket of room) socket.send(JSON.stringify({ type: "event", event }));
    },

    get size(): number {
      return room.size;
    },

    close(): void {
      for (const socket of server.clients) socket.terminate();
    },
  };
}
