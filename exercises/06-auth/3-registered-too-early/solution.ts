import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

/** The ticket of whoever wants in was forged, used or too old. */
const NOT_SIGNED_IN = 4401;

/**
 * The sockets that follow a board: `/ws?ticket=…`.
 * @param redeem looks a ticket up, which takes a while. It returns the user's id; `undefined` for a ticket that is not good.
 */
export function createBoardSockets(redeem: (ticket: string) => Promise<string | undefined>) {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  /** Who hears what happens on the board. */
  const room = new Set<WebSocket>();

  async function open(socket: WebSocket, ticket: string): Promise<void> {
    socket.on("close", () => room.delete(socket));
    // A frame that is not valid closes the socket; without a listener it would end the process.
    socket.on("error", () => {});
    const userId = await redeem(ticket);
    if (userId === undefined) {
      socket.close(NOT_SIGNED_IN, "not signed in");
      return;
    }
    // It may have closed meanwhile. Then its "close" has been, and nobody would ever remove it.
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

    /** Sends an event to everybody in the room. */
    publish(event: object): void {
      for (const socket of room) socket.send(JSON.stringify({ type: "event", event }));
    },

    /** How many are in the room. */
    get size(): number {
      return room.size;
    },

    /** The server stops. */
    close(): void {
      for (const socket of server.clients) socket.terminate();
    },
  };
}
