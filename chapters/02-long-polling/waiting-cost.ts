// What long polling costs against short polling: the same clients and the same changes, both measured in one run.
// Run: npx tsx chapters/02-long-polling/waiting-cost.ts
import { setTimeout } from "node:timers/promises";
import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { listen } from "../../shared/serve.ts";
import { measurePolling, type PollingClient, tableRow } from "../../shared/testing/polling-cost.ts";
import { createApp } from "./app.ts";

const CLIENTS = 100;
const SECONDS = 8;
const CHANGE_EVERY_MS = 3_000;
const INTERVAL_MS = 2_000;
const WIDTHS = [20, 15, 17, 9, 13];

const [short, long] = await Promise.all([
  measure(async (client) => {
    const pause = client.asked === 0 ? Math.random() : 0.9 + 0.2 * Math.random();
    await setTimeout(INTERVAL_MS * pause, undefined, { signal: client.signal });
    await client.get(`/boards/board-1/updates?after=${client.seq}`);
  }),
  measure(async (client) => {
    await client.get(`/boards/board-1/poll?after=${client.seq}`);
  }),
]);

process.stdout.write(
  tableRow(["100 clients", "requests/min", "answered empty", "kB/min", "mean delay"], WIDTHS),
);
process.stdout.write(row("short, every 2 s", short));
process.stdout.write(row("long", long));
const ratio = short.meanDelayMs / long.meanDelayMs;
process.stdout.write(`An event arrives ${Math.round(ratio)} times sooner by long polling.\n`);

async function measure(ask: (client: PollingClient) => Promise<void>) {
  const server = await listen(createApp({ database: seed(openDatabase()) }));
  const cost = await measurePolling({
    server,
    clients: CLIENTS,
    seconds: SECONDS,
    changeEveryMs: CHANGE_EVERY_MS,
    ask,
  });
  await server.close();
  return cost;
}

function row(
  name: string,
  { requests, empty, bytes, meanDelayMs }: Awaited<ReturnType<typeof measure>>,
): string {
  const perMinute = 60 / SECONDS;
  const cells = [
    name,
    Math.round(requests * perMinute),
    `${Math.round((100 * empty) / requests)} %`,
    Math.round((bytes * perMinute) / 1_000),
    `${Math.round(meanDelayMs)} ms`,
  ];
  return tableRow(cells, WIDTHS);
}
