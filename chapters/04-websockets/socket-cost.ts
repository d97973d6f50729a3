// What one event costs by a socket and by chapter 03's stream, and one small message to the server by a socket and by
// a request: in bytes on the wire, counted at the server's sockets.
// Run: npx tsx chapters/04-websockets/socket-cost.ts
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { WebSocket } from "ws";
import { createBoards } from "../../shared/board.ts";
import { openDatabase } from "../../shared/database.ts";
import type { BoardEvent } from "../../shared/events.ts";
import { Refusal } from "../../shared/refusal.ts";
import { seed } from "../../shared/seed.ts";
import { listen } from "../../shared/serve.ts";
import { tableRow } from "../../shared/testing/polling-cost.ts";
import { createBoardStreams } from "../03-sse/board-streams.ts";
import { createApp } from "./app.ts";

const COUNT = 100;
const WIDTHS = [28, 12, 9];

const database = seed(openDatabase());
const boards = createBoards(database);
const streams = createBoardStreams(boards);
const app = createApp({ database });
const server = await listen({
  ...app,
  fetch: (request) =>
    request.url.endsWith("/events") ? streams.open("board-1", undefined) : app.fetch(request),
});
const sockets: Socket[] = [];
server.node.on("connection", (socket) => sockets.push(socket));

const stream = await measure(
  async () => {
    const response = await fetch(`${server.url}/events`);
    response.body?.pipeTo(new WritableStream());
  },
  () => streams.publish(change()),
);
let client: WebSocket;
const socket = await measure(
  async () => {
    client = new WebSocket(`ws://127.0.0.1:${server.port}/ws`);
    await once(client, "open");
    client.send('{"type":"join","boardId":"board-1"}');
  },
  () => app.sockets.publish(change()),
);
const message = await measure(
  async () => {},
  () => client.send('{"type":"ping"}'),
);
const request = await measure(
  async () => {},
  async () => void (await fetch(`${server.url}/boards/board-9`)),
);

process.stdout.write(tableRow(["bytes on the wire", "over HTTP", "socket"], WIDTHS));
process.stdout.write(tableRow(["an event to the client", stream, socket], WIDTHS));
process.stdout.write(tableRow(["a question, and its answer", request, message], WIDTHS));
process.exit();

/** @returns how many bytes one of many took, both ways */
async function measure(start: () => Promise<void>, once: () => unknown): Promise<number> {
  await start();
  await setTimeout(300);
  const before = bytes();
  for (let each = 0; each < COUNT; each += 1) {
    await once();
    await setTimeout(25); // fewer than 50 a second: more would close the socket
  }
  await setTimeout(200);
  return Math.round((bytes() - before) / COUNT);
}

function bytes(): number {
  return sockets.reduce((sum, each) => sum + each.bytesRead + each.bytesWritten, 0);
}

function change(): BoardEvent {
  const event = boards.renameBoard("alice", "board-1", { name: "Website launch" });
  if (event instanceof Refusal) throw new Error(event.message);
  return event;
}
