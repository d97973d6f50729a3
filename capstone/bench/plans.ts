// How long everything is measured.
import type { ChangesPlan } from "./measures/changes.ts";
import type { FanOutPlan } from "./measures/fan-out.ts";
import type { Options } from "./options.ts";

export interface Plan {
  readonly fanOut: FanOutPlan;
  readonly changes: ChangesPlan;
}

export function planFor({ isQuick, clients }: Options): Plan {
  return {
    fanOut: {
      events: isQuick ? 50 : 300,
      warmUpEvents: isQuick ? 20 : 100,
      // Even the slowest server has then done with an event long before the next one comes.
      gapMs: Math.max(5, clients / 40),
      bursts: isQuick ? 3 : 7,
      eventsPerBurst: 100,
    },
    changes: {
      writers: 64,
      forMs: isQuick ? 1_000 : 5_000,
      delayChanges: isQuick ? 40 : 150,
      quietGapMs: Math.max(20, clients / 20),
      busyGapMs: Math.max(5, clients / 50),
    },
  };
}
