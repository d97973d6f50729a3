import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { until } from "../testing/until.ts";
import { endingOf, openWires, randomBytes, requestOf, say, sendInPieces } from "../testing/wire-peers.ts";
import { createRandom } from "./random.ts";

/** How a connection may begin. What follows is noise. */
const BEGINNINGS = [
  "",
  requestOf("bob"),
  "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
  "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999\r\n\r\n",
];

test("random bytes pass, whatever they look like at first", async () => {
  const { wire } = await openWires();
  const random = createRandom(6);
  for (const up of BEGINNINGS) {
    for (const down of BEGINNINGS) {
      const { client, server } = await wire();
      const [sentUp, sentDown] = [up, down].map((beginning) =>
        Buffer.concat([Buffer.from(beginning), randomBytes(20_000, random)]),
      ) as [Buffer, Buffer];
      await Promise.all([
        sendInPieces(client.socket, sentUp, random),
        sendInPieces(server.socket, sentDown, random),
      ]);
      client.socket.end();
      server.socket.end();
      await Promise.all([endingOf(client), endingOf(server)]);
      expect(server.bytes().equals(sentUp)).toBe(true);
      expect(client.bytes().equals(sentDown)).toBe(true);
    }
  }
});

test("a reset in the middle of anything, under any fault, ends its own connection only", async () => {
  const { wire, put, tap } = await openWires();
  const random = createRandom(8);
  const lifts = [
    put({ kind: "latency", ms: 1, jitterMs: 5 }, { target: "bob" }),
    put({ kind: "slice", bytes: 100 }, { target: "carol" }),
    put({ kind: "bandwidth", bytesPerSecond: 100_000 }, { target: "dave" }),
    put({ kind: "slow-reader", bytesPerSecond: 100_000 }, { target: "erin" }),
  ];
  const bystander = await wire("alice");
  for (let count = 0; count < 100; count += 1) {
    const { client, server } = await wire(["bob", "carol", "dave", "erin"][count % 4]);
    const bytes = randomBytes(1_000 + Math.floor(random() * 500_000), random);
    client.socket.write(bytes);
    server.socket.write(bytes);
    await setTimeout(random() * 5);
    if (count % 7 === 0) put({ kind: "drop" }, { target: tap.connections.at(-1)?.id ?? 1 });
    (random() < 0.5 ? client : server).socket.resetAndDestroy();
  }
  for (const lift of lifts) lift();
  await until("the tap to be rid of them", () => tap.connections.length === 1);
  await say(bystander.client, bystander.server, "still here");
  await say(bystander.server, bystander.client, "me too");
});
