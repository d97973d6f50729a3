// A refused socket is in the room until it has closed: a stranger who does not answer the close counts as a member.
// Fails: a stranger who does not answer the close is not in the room
// Lesson: chapters/06-auth/README.md#build-it
// Hint: `close` only asks the other side to close, and the function goes on behind it. Where does it end for a stranger?
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

const NOT_SIGNED_IN = 4401;

export function createBoardSockets(redeem: (ticket: string) => Promise<string | undefined>) {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const room = new Set<WebSocket>();

  async function open(socket: WebSocket, ticket: string): Promise<void> {
    socket.on("close", () => room.delete(socket));
    socket.on("error", () => {});
    const userId = await redeem(ticket);
    if (userId === undefined) {
      socket.close(NOT_SIGNED_IN, "not signed in");
    }
    if (socket.readyState !== socket.CLOSED) room.add(socket);
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
