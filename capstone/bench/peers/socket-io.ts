// Socket.IO with its default settings, and WebSocket as the only transport.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import type { AnswerMessage } from "../../board/commands.ts";
import type { BoardEvent } from "../../board/events.ts";
import { createDurableBoard, type TitleChange } from "./durable-board.ts";
import { BOARD_ID, createMadeUpLog, type IdentifiedEvent } from "./made-up-log.ts";
import { runPeer } from "./peer.ts";

interface FromClients {
  change(change: TitleChange, acknowledge: (answer: Omit<AnswerMessage, "type" | "key">) => void): void;
}

interface ToClients {
  event(event: IdentifiedEvent): void;
}

runPeer(async () => {
  const server = createServer();
  const io = new Server<FromClients, ToClients>(server, { transports: ["websocket"] });
  const log = createMadeUpLog();
  const board = createDurableBoard(log);

  const tellAll = (event: IdentifiedEvent) => io.to(BOARD_ID).emit("event", event);

  io.on("connection", (socket) => {
    // A writer only writes.
    if (socket.handshake.query.follow !== "no") socket.join(BOARD_ID);
    socket.on("change", (change, acknowledge) => {
      const event = board.changeTask(change);
      tellAll(log.identify(event));
      acknowledge({ status: 200, body: taskOf(event), seq: event.seq });
    });
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: {
      port: (server.address() as AddressInfo).port,
      path: "/socket.io/?EIO=4&transport=websocket",
      dialect: "socket.io",
      cookies: [],
    },
    head: log.head,
    publishOne: () => void tellAll(board.rename()),
    publishMany(count) {
      for (let index = 0; index < count; index += 1) tellAll(log.next());
    },
  };
});

function taskOf({ data }: BoardEvent): unknown {
  return "task" in data ? data.task : undefined;
}
