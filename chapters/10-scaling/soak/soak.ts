// Grows ../../07-reconnection/soak/soak.ts: one server, or several nodes behind nginx.
// Run: npm run soak -- --minutes 5 --seed 1 --nodes 3
import { SettingError } from "../../../shared/settings.ts";
import { type SoakSettings, soak } from "../../07-reconnection/soak/soak.ts";
import { startSoakCluster } from "./soak-cluster.ts";

const USAGE =
  "Say for how long, with which seed, and how many nodes: npm run soak -- --minutes 5 --seed 1 --nodes 3 (--capstone takes the capstone)";

export interface SoakArguments extends SoakSettings {
  /** 0: a single server. */
  readonly nodes: number;
}

/** @param args `--minutes M` or `--runs N` (default: one minute), `--seed S` (default 1), `--nodes N` (default: the server of chapter 07) */
export async function main(args: readonly string[]): Promise<void> {
  await runSoakTool(args, (settings) => {
    const { nodes } = settings;
    const start = (seed: number) => (file: string) => startSoakCluster(file, seed, { nodeCount: nodes });
    return soak(settings, nodes > 0 ? start : undefined);
  });
}

/**
 * Reads the arguments, and says in one sentence what is wrong with them or with this machine.
 * @param run returns the exit code
 */
export async function runSoakTool(
  args: readonly string[],
  run: (settings: SoakArguments) => Promise<number>,
): Promise<void> {
  const settings = readArguments(args);
  try {
    if (!settings) throw new SettingError(USAGE);
    process.exitCode = await run(settings);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** @returns undefined when something about them is wrong */
function readArguments(args: readonly string[]): SoakArguments | undefined {
  const settings: { minutes?: number; runs?: number; seed: number; nodes: number } = { seed: 1, nodes: 0 };
  const names = ["minutes", "runs", "seed", "nodes"] as const;
  for (let index = 0; index < args.length; index += 2) {
    const name = names.find((each) => args[index] === `--${each}`);
    const value = Number(args[index + 1]);
    if (!name || !(value > 0) || (name !== "minutes" && !Number.isSafeInteger(value))) return undefined;
    settings[name] = value;
  }
  return settings;
}
