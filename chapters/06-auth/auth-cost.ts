// What it costs to know who somebody is: by a password, by a session, by a ticket.
// Run: npx tsx chapters/06-auth/auth-cost.ts
import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { tableRow } from "../../shared/testing/polling-cost.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { createSessions } from "./sessions.ts";
import { createSignedTickets } from "./signed-tickets.ts";
import { createTickets, type Tickets } from "./tickets.ts";

const WIDTHS = [34, 12, 18];

const sessions = createSessions(seed(openDatabase()));
const { token } = sessions.create("bob");
const hash = await hashPassword("demo");

async function redeemOne(tickets: Tickets): Promise<void> {
  await tickets.redeem(await tickets.issue("a session"));
}

const random = createTickets();
const signed = createSignedTickets(new Uint8Array(32));
const rows: [string, number][] = [
  ["a password (scrypt)", await microseconds(10, () => verifyPassword("demo", hash))],
  ["a signed ticket, made and redeemed", await microseconds(2_000, () => redeemOne(signed))],
  ["a random ticket, made and redeemed", await microseconds(2_000, () => redeemOne(random))],
  ["a session, by its cookie", await microseconds(5_000, () => sessions.find(token))],
];
const [, cheapest = 1] = rows.at(-1) ?? [];
process.stdout.write(tableRow(["", "µs", "against a session"], WIDTHS));
for (const [name, each] of rows) {
  process.stdout.write(tableRow([name, Math.round(each), `${Math.round(each / cheapest)} ×`], WIDTHS));
}

/** @returns the time of one, on average */
async function microseconds(times: number, run: () => unknown): Promise<number> {
  for (let each = 0; each < times / 10; each += 1) await run(); // warm
  const start = performance.now();
  for (let each = 0; each < times; each += 1) await run();
  return ((performance.now() - start) * 1_000) / times;
}
