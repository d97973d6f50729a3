// Runs the soak for as long as you like, and says what it has found.
// Run: npm run soak -- --minutes 5 --seed 1
import { checkHistory, describeVerdict, type History } from "../../../shared/testing/history.ts";
import { DEMANDS, quickDelayMs, runSoak } from "./soak-run.ts";

/** How long one run writes, in milliseconds. */
const RUN_MS = 5_000;

const USAGE = "Say for how long and with which seed: npm run soak -- --minutes 5 --seed 1";

/** @param args `--minutes M` (default 1), `--seed S` (default 1): each run takes the next seed */
export async function main(args: readonly string[]): Promise<void> {
  const settings = { minutes: 1, seed: 1 };
  for (let index = 0; index < args.length; index += 2) {
    const name = args[index]?.replace(/^--/, "") as keyof typeof settings;
    const value = Number(args[index + 1]);
    if (!Object.hasOwn(settings, name) || !(value > 0) || (name === "seed" && !Number.isSafeInteger(value))) {
      console.error(USAGE);
      process.exit(1);
    }
    settings[name] = value;
  }

  process.once("SIGINT", () => process.exit(130));
  const end = Date.now() + settings.minutes * 60_000;
  let runs = 0;
  for (let { seed } = settings; runs === 0 || Date.now() + RUN_MS < end; seed += 1) {
    const history = await runSoak({ seed, ms: RUN_MS });
    const verdict = checkHistory(history, DEMANDS);
    runs += 1;
    process.stdout.write(`seed ${seed}  ${summary(history)}  ${describeVerdict(verdict)}\n`);
    if (verdict.verdict !== "valid") process.exit(1);
  }
}

function summary(history: History): string {
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
