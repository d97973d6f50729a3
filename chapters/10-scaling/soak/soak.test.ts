import { describe, expect } from "vitest";
import { checkHistory, describeVerdict } from "../../../shared/testing/history.ts";
import { DEMANDS, runSoak } from "../../07-reconnection/soak/soak-run.ts";
import { needsProgram } from "../cluster/needs-program.ts";
import { replaceAllNodes, startSoakCluster } from "./soak-cluster.ts";

const clusterTest = needsProgram("redis-server", "nginx");

/** `.ci/run` takes twenty. */
const SEEDS = [1];

describe("three nodes behind nginx, on a bus that cannot be relied on", () => {
  clusterTest(
    "nodes are killed, frozen and replaced, Redis is killed and frozen: nothing is lost, nothing comes twice, and presence is right",
    async () => {
      const verdicts: string[] = [];
      for (const seed of SEEDS) {
        const start = (file: string) => startSoakCluster(file, seed);
        const history = await runSoak({ seed, ms: 2_500, start });
        verdicts.push(describeVerdict(checkHistory(history, DEMANDS)));
      }
      expect(verdicts).toEqual(SEEDS.map(() => "valid"));
    },
    120_000,
  );

  clusterTest(
    "every node is drained and replaced under load, and no event is lost",
    async () => {
      const start = (file: string) => startSoakCluster(file, 3, { trouble: replaceAllNodes });
      const history = await runSoak({ seed: 3, ms: 2_500, start });
      expect(describeVerdict(checkHistory(history, DEMANDS))).toBe("valid");
      expect(history.faults.filter(({ kind }) => kind === "replace a node")).toHaveLength(3);
    },
    60_000,
  );
});
