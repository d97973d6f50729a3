// A network that fails all the time, in every way that the tap knows.
import type { LastingFault } from "../../../shared/wire/faults.ts";
import type { Tap } from "../../../shared/wire/tap.ts";
import type { SoakFault } from "./soak-run.ts";

export interface BreakNetworkOptions {
  readonly tap: Tap;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Until when, as `Date.now()`. Nothing fails any more after that. */
  readonly end: number;
  /** Who is struck next, as the tap knows them. */
  readonly someone: () => string;
  /** Each fault is added when it is over. */
  readonly faults: SoakFault[];
}

/** One fault after another, some of them at the same time, on somebody or on everybody. */
export async function breakNetwork(options: BreakNetworkOptions): Promise<void> {
  const { tap, random, end, someone, faults } = options;
  while (Date.now() < end) {
    await pause(50 + 250 * random());
    const target = someone();
    const from = Date.now();
    if (random() < 0.4) {
      tap.apply({ target, fault: { kind: random() < 0.7 ? "cut" : "close" } });
      faults.push({ kind: "cut", from, to: from });
      continue;
    }
    const fault = lastingFault(random);
    const lift = tap.apply({ target, fault });
    const forMs = 100 + 900 * random();
    setTimeout(
      () => {
        lift();
        faults.push({ kind: fault.kind, from, to: Date.now() });
      },
      Math.min(forMs, Math.max(0, end - from)),
    );
  }
  await pause(20);
}

function lastingFault(random: () => number): LastingFault {
  const all: LastingFault[] = [
    { kind: "freeze" },
    { kind: "latency", ms: 20 + 200 * random(), jitterMs: 100 },
    { kind: "slice", bytes: 1 + Math.floor(20 * random()) },
    { kind: "bandwidth", bytesPerSecond: 5_000 },
    { kind: "slow-reader", bytesPerSecond: 5_000 },
    { kind: "close-after", bytes: Math.floor(5_000 * random()), reset: random() < 0.5 },
    { kind: "refuse" },
  ];
  return all[Math.floor(random() * all.length)] ?? { kind: "freeze" };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
