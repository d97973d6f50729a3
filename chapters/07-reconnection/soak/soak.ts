// Runs the soak for as long as you like, and says what it has found.
// Run: npm run soak -- --minutes 5 --seed 1
import { checkHistory, describeVerdict, type History } from "../../../shared/testing/history.ts";
import { DEMANDS, quickDelayMs, runSoak, type SoakOptions } from "./soak-run.ts";

/** How long one run writes, in milliseconds. */
const RUN_MS = 5_000;

export interface SoakSettings {
  /** Begins no further run after so long. @default 1, if there is no number of `runs` */
  readonly minutes?: number | undefined;
  readonly runs?: number | undefined;
  /** Each run takes the next one. */
  readonly seed: number;
}

/** What a run has shown. */
export interface SoakResult {
  /** On one line. */
  readonly summary: string;
  /** "valid", or what is wrong. */
  readonly verdict: string;
}

/**
 * @param start what is soaked. @default this chapter's server
 * @returns the exit code: 1 after the first run that is not valid
 */
export function soak(
  settings: SoakSettings,
  start?: (seed: number) => SoakOptions["start"],
): Promise<number> {
  return repeatSoak(settings, async (seed, ms) => {
    const starting = start?.(seed);
    const history = await runSoak({ seed, ms, ...(starting && { start: starting }) });
    return { summary: summaryOf(history), verdict: describeVerdict(checkHistory(history, DEMANDS)) };
  });
}

/**
 * Run after run, each with the next seed, and each on a line.
 * @returns the exit code: 1 after the first run that is not valid
 */
export async function repeatSoak(
  { minutes, runs, seed: first }: SoakSettings,
  run: (seed: number, ms: number) => Promise<SoakResult>,
): Promise<number> {
  process.once("SIGINT", () => process.exit(130));
  const end = Date.now() + (minutes ?? 1) * 60_000;
  const isOver = (done: number) => (runs === undefined ? Date.now() + RUN_MS >= end : done >= runs);
  for (let seed = first; seed === first || !isOver(seed - first); seed += 1) {
    const { summary, verdict } = await run(seed, RUN_MS);
    process.stdout.write(`seed ${seed}  ${summary}  ${verdict}\n`);
    if (verdict !== "valid") return 1;
  }
  return 0;
}

export function summaryOf(history: History): string {
  const { writes, subscribers, faults } = history;
  const wire = subscribers.flatMap((subscriber) => subscriber.wire);
  const count = (kind: string) => wire.filter((record) => record.kind === kind).length;
  const delayMs = quickDelayMs(history);
  const unknown = writes.filter(({ outcome }) => outcome === "unknown").length;
  return [
    `${writes.length} writes (${unknown} unknown)`,
    `${count("event")} events`,
    `${count("close")} closes`,
    `${count("reset")} resets`,
    `${faults.length} faults`,
    `${delayMs} ms late`,
  ].join(", ");
}
