// A socket that has closed while its ticket was looked up is put into the room, and stays: the server collects dead sockets until its memory is full.
// Fails: who has hung up before the ticket was found is not in the room
// Lesson: chapters/06-auth/README.md#build-it
// Hint: During the `await` the socket may close. What has happened to its "close" event then?
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
      return;
    }
    room.add(socket);
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
