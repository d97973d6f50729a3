// What short polling costs: real clients over real connections, for a few seconds each, scaled to a minute.
// Run: npx tsx chapters/01-short-polling/polling-cost.ts
import { setTimeout } from "node:timers/promises";
import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { listen } from "../../shared/serve.ts";
import { measurePolling, tableRow } from "../../shared/testing/polling-cost.ts";
import { createApp } from "./app.ts";

const SECONDS = 8;
const CHANGE_EVERY_MS = 3_000;
const RUNS = [
  { clients: 10, intervalMs: 2_000 },
  { clients: 100, intervalMs: 2_000 },
  { clients: 100, intervalMs: 500 },
];
const WIDTHS = [7, 11, 15, 17, 9, 13];

process.stdout.write(
  tableRow(["clients", "interval", "requests/min", "answered empty", "kB/min", "mean delay"], WIDTHS),
);
const rows = await Promise.all(RUNS.map(measure));
process.stdout.write(rows.join(""));

async function measure({ clients, intervalMs }: (typeof RUNS)[number]): Promise<string> {
  const server = await listen(createApp({ database: seed(openDatabase()) }));
  const { requests, empty, bytes, meanDelayMs } = await measurePolling({
    server,
    clients,
    seconds: SECONDS,
    changeEveryMs: CHANGE_EVERY_MS,
    ask: async (client) => {
      // As in client.ts; and the clients of a real board did not all start in the same instant.
      const pause = client.asked === 0 ? Math.random() : 0.9 + 0.2 * Math.random();
      await setTimeout(intervalMs * pause, undefined, { signal: client.signal });
      const { seq, etag } = client;
      const headers: Record<string, string> = etag === null ? {} : { "if-none-match": etag };
      const response = await client.get(`/boards/board-1/updates?after=${seq}`, headers);
      client.etag = client.seq === seq ? response.headers.get("etag") : null;
    },
  });
  await server.close();
  const perMinute = 60 / SECONDS;
  const cells = [
    clients,
    `${intervalMs} ms`,
    Math.round(requests * perMinute),
    `${Math.round((100 * empty) / requests)} %`,
    Math.round((bytes * perMinute) / 1_000),
    `${Math.round(meanDelayMs)} ms`,
  ];
  return tableRow(cells, WIDTHS);
}
