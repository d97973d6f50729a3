// The mistake: the socket is registered when it opens, and who it is gets looked up afterwards.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

/** @param isGood looks the ticket up, which takes a while: a database, another server */
export function createRegisterFirst(isGood: (ticket: string) => Promise<boolean>) {
  const server = new WebSocketServer({ noServer: true });
  const listeners = new Set<WebSocket>();
  return {
    upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
      server.handleUpgrade(request, connection, head, async (socket) => {
        listeners.add(socket); // from here on it hears everything
        socket.on("close", () => listeners.delete(socket));
        const { searchParams } = new URL(request.url ?? "", "ws://localhost");
        if (!(await isGood(searchParams.get("ticket") ?? ""))) socket.close(4401);
      });
    },
    publish(text: string): void {
      for (const socket of listeners) socket.send(text);
    },
    /** How many would hear something now. */
    get size() {
      return listeners.size;
    },
  };
}
