import { describe, expect, test } from "vitest";
import { checkHistory, describeVerdict } from "../../../shared/testing/history.ts";
import { DEMANDS, runSoak } from "./soak-run.ts";

/** So many at the same time: most of the time, each of them waits. */
const AT_ONCE = 2;

/** `.ci/run` takes twenty. */
const RUNS = 2;

describe("five who write, twenty who follow, a network that fails and a server that is killed", () => {
  test("in run after run nothing is lost, nothing comes twice, and all boards are the same in the end", async () => {
    const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);
    const verdicts: string[] = [];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
          const history = await runSoak({ seed, ms: 2_500 });
          verdicts.push(`seed ${seed}: ${describeVerdict(checkHistory(history, DEMANDS))}`);
        }
      }),
    );
    expect(verdicts.filter((verdict) => !verdict.endsWith(": valid"))).toEqual([]);
    expect(verdicts).toHaveLength(RUNS);
  }, 180_000);
});
