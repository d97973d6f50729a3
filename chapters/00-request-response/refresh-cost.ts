// What one press of Refresh costs, in bytes on the wire, against the change that it was pressed for.
// Run: npx tsx chapters/00-request-response/refresh-cost.ts
import { createBoards } from "../../shared/board.ts";
import { openDatabase } from "../../shared/database.ts";
import type { BoardEvent } from "../../shared/events.ts";
import { Refusal } from "../../shared/refusal.ts";
import { seed } from "../../shared/seed.ts";
import { listen } from "../../shared/serve.ts";
import { createApp } from "./app.ts";

const SIZES = [4, 100, 1_000];

const database = seed(openDatabase());
const boards = createBoards(database);
const server = await listen(createApp({ database }));
let bytes = 0;
server.node.on("connection", (socket) => {
  socket.on("close", () => {
    bytes = socket.bytesRead + socket.bytesWritten;
  });
});

process.stdout.write("tasks   one refresh   what changed\n");
let tasks = 4;
for (const size of SIZES) {
  let change: BoardEvent | Refusal = boards.updateTask("alice", "task-1", {
    title: `Write the release notes for ${size}`,
  });
  for (; tasks < size; tasks += 1) {
    change = boards.createTask("alice", { listId: "list-todo", title: `Task number ${tasks + 1}` });
  }
  if (change instanceof Refusal) throw new Error(change.message);
  const refresh = await bytesOfRefresh();
  const event = Buffer.byteLength(JSON.stringify(change));
  process.stdout.write(`${column(size, 5)}${column(refresh, 14)}${column(event, 15)}\n`);
}
await server.close();

/** One `GET` of the whole board on a connection of its own: both heads and the body. */
async function bytesOfRefresh(): Promise<number> {
  bytes = 0;
  const response = await fetch(`${server.url}/boards/board-1`, { headers: { connection: "close" } });
  await response.text();
  while (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return bytes;
}

function column(value: number, width: number): string {
  return value.toLocaleString("en-US").padStart(width);
}
