// What long polling costs against short polling: the same clients and the same changes, both measured in one run.
// Run: npx tsx chapters/02-long-polling/waiting-cost.ts
import { setTimeout } from "node:timers/promises";
import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { listen } from "../../shared/serve.ts";
import {
  costCells,
  measurePolling,
  type PollingClient,
  type PollingCost,
  shortPoll,
  tableRow,
} from "../../shared/testing/polling-cost.ts";
import { createApp } from "./app.ts";

const SECONDS = 8;
const CHANGE_EVERY_MS = 3_000;
const INTERVAL_MS = 2_000;
const WIDTHS = [18, 10, 15, 17, 9, 13];

const [short, long, alone] = await Promise.all([
  measure(100, (client) => shortPoll(client, INTERVAL_MS), 0),
  measure(100, longPoll, 1_000),
  measure(1, longPoll, 2_000),
]);

const header = ["", "clients", "requests/min", "answered empty", "kB/min", "mean delay"];
process.stdout.write(tableRow(header, WIDTHS));
process.stdout.write(row("short, every 2 s", 100, short));
process.stdout.write(row("long", 100, long));
process.stdout.write(row("long", 1, alone));
const ratio = Math.round(short.meanDelayMs / long.meanDelayMs);
process.stdout.write(`For 100 clients an event arrives ${ratio} times sooner by long polling.\n`);

async function longPoll(client: PollingClient): Promise<void> {
  await client.get(`/boards/board-1/poll?after=${client.seq}`);
}

/** @param startAfterMs keeps the changes of one measurement out of the way of the others' */
async function measure(clients: number, ask: (client: PollingClient) => Promise<void>, startAfterMs: number) {
  await setTimeout(startAfterMs);
  const server = await listen(createApp({ database: seed(openDatabase()) }));
  const cost = await measurePolling({
    server,
    clients,
    seconds: SECONDS,
    changeEveryMs: CHANGE_EVERY_MS,
    ask,
  });
  await server.close();
  return cost;
}

function row(name: string, clients: number, cost: PollingCost): string {
  return tableRow([name, clients, ...costCells(cost, SECONDS)], WIDTHS);
}
