// Grows ../../07-reconnection/soak/soak.ts: one server, or several nodes behind nginx.
// Run: npm run soak -- --minutes 5 --seed 1 --nodes 3
import { SettingError } from "../../../shared/settings.ts";
import { soak } from "../../07-reconnection/soak/soak.ts";
import { startSoakCluster } from "./soak-cluster.ts";

const USAGE =
  "Say for how long, with which seed, and how many nodes: npm run soak -- --minutes 5 --seed 1 --nodes 3";

/**
 * @param args `--minutes M` or `--runs N` (default: one minute), `--seed S` (default 1), `--nodes N` (default: the server of
 * chapter 07)
 */
export async function main(args: readonly string[]): Promise<void> {
  const settings: { minutes?: number; runs?: number; seed: number; nodes: number } = { seed: 1, nodes: 0 };
  const names = ["minutes", "runs", "seed", "nodes"] as const;
  for (let index = 0; index < args.length; index += 2) {
    const name = names.find((each) => args[index] === `--${each}`);
    const value = Number(args[index + 1]);
    if (!name || !(value > 0) || (name !== "minutes" && !Number.isSafeInteger(value))) {
      console.error(USAGE);
      process.exit(1);
    }
    settings[name] = value;
  }

  const { nodes } = settings;
  const start = (seed: number) => (file: string) => startSoakCluster(file, seed, nodes);
  try {
    process.exitCode = await soak(settings, nodes > 0 ? start : undefined);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
