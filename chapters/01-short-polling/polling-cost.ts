// What short polling costs: real clients over real connections, for a few seconds each, scaled to a minute.
// Run: npx tsx chapters/01-short-polling/polling-cost.ts
import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { listen } from "../../shared/serve.ts";
import { costCells, measurePolling, shortPoll, tableRow } from "../../shared/testing/polling-cost.ts";
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
  const cost = await measurePolling({
    server,
    clients,
    seconds: SECONDS,
    changeEveryMs: CHANGE_EVERY_MS,
    ask: (client) => shortPoll(client, intervalMs),
  });
  await server.close();
  return tableRow([clients, `${intervalMs} ms`, ...costCells(cost, SECONDS)], WIDTHS);
}
