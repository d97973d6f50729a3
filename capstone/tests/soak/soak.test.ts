import { describe, expect, test } from "vitest";
import { needsProgram } from "../../../chapters/10-scaling/cluster/needs-program.ts";
import { soakCapstone } from "./soak-capstone.ts";

/** How long one run writes, in milliseconds. */
const MS = 2_500;

/** `.ci/run` takes thirty. */
const SEEDS = [1, 2];

describe("writers, followers and real clients whose pages crash, a network that fails, a server that is killed", () => {
  test("nothing is lost, nothing is done twice, everybody is told the truth, and all boards are the same in the end", async () => {
    const verdicts: string[] = [];
    // One after the other: each is thirty clients, a server and a network in one process already.
    for (const seed of SEEDS) verdicts.push((await soakCapstone({ seed, ms: MS })).verdict);
    expect(verdicts).toEqual(SEEDS.map(() => "valid"));
  }, 120_000);

  needsProgram("redis-server", "nginx")(
    "the same with three nodes behind nginx, on a bus that cannot be relied on",
    async () => {
      const { verdict } = await soakCapstone({ seed: 1, ms: MS, nodes: 3 });
      expect(verdict).toBe("valid");
    },
    120_000,
  );
});
