// What it costs to tell everybody about everybody: a board that so many people open, one after another.
// Run: npx tsx chapters/09-presence/presence-cost.ts
import { tableRow } from "../../shared/testing/polling-cost.ts";
import { createPresence } from "./presence.ts";

const WIDTHS = [8, 12, 10, 14];

process.stdout.write(tableRow(["people", "signals", "MB", "refresh, µs"], WIDTHS));
for (const count of [10, 100, 1_000]) {
  let signals = 0;
  let bytes = 0;
  let here = 0;
  const presence = createPresence((change) => {
    // To everybody who is there already, as a text frame with a header of two bytes.
    signals += here;
    bytes += here * (Buffer.byteLength(JSON.stringify(change)) + 2);
    here += change.type === "user_joined" ? 1 : -1;
  });
  for (let each = 0; each < count; each += 1) presence.refresh("board-1", `tab-${each}`, `user-${each}`);
  const start = performance.now();
  const rounds = Math.ceil(100_000 / count);
  for (let round = 0; round < rounds; round += 1) {
    for (let each = 0; each < count; each += 1) presence.refresh("board-1", `tab-${each}`, `user-${each}`);
  }
  const each = ((performance.now() - start) * 1_000) / (rounds * count);
  presence.close();
  process.stdout.write(tableRow([count, signals, (bytes / 1_000_000).toFixed(2), each.toFixed(2)], WIDTHS));
}
