// A refused socket is taken out of the room at once: until then, while the ticket is looked up, the stranger still hears everything.
// Fails: a stranger with a forged ticket hears nothing, and is closed with 4401
// Lesson: chapters/06-auth/README.md#build-it
// Hint: The window opens where the socket is put into the room, and not where it is refused. What is known of it at that moment?
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

const NOT_SIGNED_IN = 4401;

export function createBoardSockets(redeem: (ticket: string) => Promise<string | undefined>) {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const room = new Set<WebSocket>();

  async function open(socket: WebSocket, ticket: string): Promise<void> {
    room.add(socket);
    socket.on("close", () => room.delete(socket));
    socket.on("error", () => {});
    const userId = await redeem(ticket);
    if (userId === undefined) {
      room.delete(socket);
      socket.close(NOT_SIGNED_IN, "not signed in");
    }
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
