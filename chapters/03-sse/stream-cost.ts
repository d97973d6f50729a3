// What a stream costs against long polling: the same clients and the same changes, both measured in one run.
// Run: npx tsx chapters/03-sse/stream-cost.ts
import { setTimeout } from "node:timers/promises";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { listen } from "../../shared/serve.ts";
import {
  costCells,
  measurePolling,
  type PollingClient,
  type PollingCost,
  tableRow,
} from "../../shared/testing/polling-cost.ts";
import { createApp } from "./app.ts";

const SECONDS = 8;
const WIDTHS = [14, 10, 18, 15, 17, 9, 13];

const [calmLong, calmStream, busyLong, busyStream] = [
  await measure(longPoll, 3_000),
  await measure(stream, 3_000),
  await measure(longPoll, 100),
  await measure(stream, 100),
];

const header = ["", "clients", "changes/min", "requests/min", "answered empty", "kB/min", "mean delay"];
process.stdout.write(tableRow(header, WIDTHS));
process.stdout.write(row("long polling", 3_000, calmLong));
process.stdout.write(row("stream", 3_000, calmStream));
process.stdout.write(row("long polling", 100, busyLong));
process.stdout.write(row("stream", 100, busyStream));

async function longPoll(client: PollingClient): Promise<void> {
  await client.get(`/boards/board-1/poll?after=${client.seq}`);
}

async function stream(client: PollingClient): Promise<void> {
  const response = await client.open(`/boards/board-1/events?after=${client.seq}`);
  const events = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { data } of events ?? []) client.arrived(JSON.parse(data).seq);
}

async function measure(ask: (client: PollingClient) => Promise<void>, changeEveryMs: number) {
  const server = await listen(createApp({ database: seed(openDatabase()) }));
  const cost = await measurePolling({ server, clients: 20, seconds: SECONDS, changeEveryMs, ask });
  await server.close();
  await setTimeout(200); // the next one begins with nobody there
  return cost;
}

function row(name: string, changeEveryMs: number, cost: PollingCost): string {
  return tableRow([name, 20, Math.round(60_000 / changeEveryMs), ...costCells(cost, SECONDS)], WIDTHS);
}
