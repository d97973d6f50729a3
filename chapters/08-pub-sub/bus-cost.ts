// What the bus costs: one event to so many subscribers, by the bus and by calling them one after another.
// Run: npx tsx chapters/08-pub-sub/bus-cost.ts
import { tableRow } from "../../shared/testing/polling-cost.ts";
import { createEventBus } from "./event-bus.ts";

interface Topics {
  readonly [board: `board:${string}`]: number;
}

const WIDTHS = [12, 16, 14];
const ROUNDS = 20_000;

process.stdout.write(tableRow(["subscribers", "by the bus, µs", "by hand, µs"], WIDTHS));
for (const count of [1, 8, 100, 1_000]) {
  const bus = createEventBus<Topics>();
  let heard = 0;
  const handlers = Array.from({ length: count }, () => (message: number) => {
    heard += message;
  });
  for (const handler of handlers) bus.subscribe("board:*", "any", handler);
  const byBus = microseconds(count, () => bus.publish("board:1", 1));
  const byHand = microseconds(count, () => {
    for (const handler of handlers) handler(1);
  });
  if (heard === 0) throw new Error("nobody has heard anything");
  process.stdout.write(tableRow([count, byBus.toFixed(2), byHand.toFixed(2)], WIDTHS));
}

/** @returns the time of one round, on average */
function microseconds(count: number, run: () => void): number {
  const rounds = Math.ceil(ROUNDS / count) + 100;
  for (let each = 0; each < rounds; each += 1) run(); // warm
  const start = performance.now();
  for (let each = 0; each < rounds; each += 1) run();
  return ((performance.now() - start) * 1_000) / rounds;
}
