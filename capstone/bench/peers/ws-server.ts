// Bare `ws`, with the messages of this server. How an event gets to the sockets is what differs.
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { CommandMessage } from "../../board/commands.ts";
import type { ServerMessage } from "../../board/messages.ts";
import { createDurableBoard } from "./durable-board.ts";
import { BOARD_ID, createMadeUpLog, type IdentifiedEvent } from "./made-up-log.ts";
import type { Peer } from "./peer.ts";

type FromClient = { readonly type: "join" } | CommandMessage;

/** @param tellAll gives a text to all sockets of a room */
export async function openWsServer(
  tellAll: (room: ReadonlySet<WebSocket>, text: string) => void,
): Promise<Peer> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  const room = new Set<WebSocket>();
  const log = createMadeUpLog();
  const board = createDurableBoard(log);

  server.on("connection", (socket) => {
    const send = (message: ServerMessage) => socket.send(JSON.stringify(message));
    send({ type: "hello", maxMessageBytes: 65_536, maxMessagesPerSecond: 1_000_000 });
    socket.on("close", () => room.delete(socket));
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as FromClient;
      if (message.type === "join") {
        room.add(socket);
        send({ type: "joined", boardId: BOARD_ID, seq: log.head(), users: [] });
      } else if (message.type === "update_task") {
        const { taskId, key, change } = message;
        const event = board.changeTask({ taskId, change: { title: String(change.title) } });
        tell(log.identify(event));
        send({
          type: "answer",
          key,
          status: 200,
          body: "task" in event.data ? event.data.task : undefined,
          seq: event.seq,
        });
      }
    });
  });

  function tell(identified: IdentifiedEvent): void {
    tellAll(room, JSON.stringify({ type: "event", ...identified } satisfies ServerMessage));
  }

  await new Promise((resolve) => server.once("listening", resolve));
  return {
    address: {
      port: (server.address() as AddressInfo).port,
      path: "/ws",
      dialect: "board-socket",
      cookies: [],
    },
    head: log.head,
    publishOne: () => tell(board.rename()),
    publishMany(count) {
      for (let index = 0; index < count; index += 1) tell(log.next());
    },
  };
}
