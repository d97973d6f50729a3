// A refused socket is cut and not closed: the page sees a broken connection, and comes back again and again.
// Fails: a stranger with a forged ticket hears nothing, and is closed with 4401
// Lesson: chapters/06-auth/README.md#build-it
// Hint: The code of the close is what tells the page to stay away. Which method sends one?
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

export function createBoardSockets(redeem: (ticket: string) => Promise<string | undefined>) {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const room = new Set<WebSocket>();

  async function open(socket: WebSocket, ticket: string): Promise<void> {
    socket.on("close", () => room.delete(socket));
    socket.on("error", () => {});
    const userId = await redeem(ticket);
    if (userId === undefined) {
      socket.terminate();
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
