import { type FaultScript, faultScriptSchema } from "./faults.ts";
import type { Tap } from "./tap.ts";

/**
 * Applies the faults of a script to a tap, each at its time, and lifts those that hold for a while.
 *
 * @param signal ends the script early; what it has put on is lifted then too
 * @returns when the last step is over
 * @throws {z.ZodError} when the script is none
 */
export function runFaultScript(
  tap: Pick<Tap, "apply" | "setSeed">,
  script: FaultScript,
  signal?: AbortSignal,
): Promise<void> {
  const { seed, steps } = faultScriptSchema.parse(script);
  const timers: ReturnType<typeof setTimeout>[] = [];
  const lifts: (() => void)[] = [];
  tap.setSeed(seed);

  return new Promise((resolve) => {
    function finish(): void {
      for (const timer of timers) clearTimeout(timer);
      for (const lift of lifts) lift();
      signal?.removeEventListener("abort", finish);
      resolve();
    }
    signal?.addEventListener("abort", finish, { once: true });
    // Timers of the same time run in the order in which they were set: the order of the steps.
    for (const { at, for: duration, ...rule } of steps) {
      const start = () => {
        const lift = tap.apply(rule);
        lifts.push(lift);
        if (duration !== undefined) timers.push(setTimeout(lift, duration));
      };
      timers.push(setTimeout(start, at));
    }
    const end = Math.max(...steps.map((step) => step.at + (step.for ?? 0)));
    timers.push(setTimeout(finish, end));
    if (signal?.aborted) finish();
  });
}
