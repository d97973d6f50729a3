// What it costs to tell a room something: framed once for all, and framed again for each member.
// Run: npx tsx chapters/05-rooms/broadcast-cost.ts
import { tableRow } from "../../shared/testing/polling-cost.ts";
import { encodeFrame, OPCODE } from "../04-websockets/frames.ts";
import { createRooms, type Member } from "./rooms.ts";

const WIDTHS = [8, 16, 14, 12];
const ROUNDS = 200;
const MESSAGE = { type: "user_joined", boardId: "board-1", userId: "bob", note: "x".repeat(300) };

process.stdout.write(tableRow(["members", "for each, ms", "once, ms", "ratio"], WIDTHS));
for (const count of [10, 100, 1_000, 10_000]) {
  const rooms = createRooms<Member>();
  let sent = 0;
  for (let index = 0; index < count; index += 1) {
    rooms.join("board", {
      userId: `user-${index}`,
      send: (bytes) => {
        sent += bytes.length; // what a socket does with it is the same either way
      },
    });
  }
  const everybody: Member[] = [];
  rooms.broadcast("board", frame()); // warm
  const once = time(() => rooms.broadcast("board", frame()));
  for (let index = 0; index < count; index += 1)
    everybody.push({ userId: "", send: (bytes) => (sent += bytes.length) });
  const each = time(() => {
    for (const member of everybody) member.send(frame());
  });
  const cells = [count, each.toFixed(2), once.toFixed(2), `${Math.round(each / once)} ×`];
  process.stdout.write(tableRow(cells, WIDTHS));
}

function frame(): Uint8Array {
  return encodeFrame(
    { fin: true, opcode: OPCODE.text, payload: Buffer.from(JSON.stringify(MESSAGE)) },
    "server",
  );
}

/** @returns the mean of many rounds, in milliseconds */
function time(run: () => void): number {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) run();
  return (performance.now() - start) / ROUNDS;
}
