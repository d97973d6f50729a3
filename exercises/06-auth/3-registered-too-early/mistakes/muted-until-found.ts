// A socket is in the room while its ticket is looked up, and only hears nothing yet: strangers are counted as members.
// Fails: nobody is in the room while the ticket is looked up
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Nothing leaks any more. But what does `size` say about somebody of whom nothing is known yet?
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

const NOT_SIGNED_IN = 4401;

export function createBoardSockets(redeem: (ticket: string) => Promise<string | undefined>) {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const room = new Set<WebSocket>();
  const members = new WeakSet<WebSocket>();

  async function open(socket: WebSocket, ticket: string): Promise<void> {
    room.add(socket);
    socket.on("close", () => room.delete(socket));
    socket.on("error", () => {});
    const userId = await redeem(ticket);
    if (userId === undefined) {
      room.delete(socket);
      socket.close(NOT_SIGNED_IN, "not signed in");
    } else {
      members.add(socket);
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
      for (const socket of room) {
        if (members.has(socket)) socket.send(JSON.stringify({ type: "event", event }));
      }
    },

    get size(): number {
      return room.size;
    },

    close(): void {
      for (const socket of server.clients) socket.terminate();
    },
  };
}
