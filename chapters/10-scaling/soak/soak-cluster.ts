// Three nodes behind nginx, as something that can be soaked: nodes are killed and frozen, and so is Redis.
import { join } from "node:path";
import { openDatabase } from "../../../shared/database.ts";
import { until } from "../../../shared/testing/until.ts";
import { createSessions } from "../../06-auth/sessions.ts";
import type { SoakedServer, SoakFault } from "../../07-reconnection/soak/soak-run.ts";
import { type Cluster, openCluster } from "../cluster/open-cluster.ts";

/** How long a wrong presence may last, in milliseconds: the lease and the grace, a look, and a busy machine. */
const PRESENCE_WITHIN_MS = 1_200 + 500 + 300 + 3_000;

const NODE = join(import.meta.dirname, "soak-node.ts");

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export interface SoakClusterOptions {
  /** @default 3 */
  readonly nodeCount?: number;
  /** What a node runs. @default soak-node.ts of this chapter */
  readonly nodeFile?: string;
  /** What happens to it. @default nodes and Redis are killed, frozen and replaced */
  readonly trouble?: typeof breakCluster;
}

/**
 * @param seed of what the bus does with its messages
 * @throws {SettingError} when Redis is missing
 */
export async function startSoakCluster(
  file: string,
  seed: number,
  options: SoakClusterOptions = {},
): Promise<SoakedServer> {
  const { nodeCount = 3, nodeFile = NODE, trouble = breakCluster } = options;
  const cluster = await openCluster({
    databaseFile: file,
    nodeCount,
    nodeFile,
    env: { ...process.env, SOAK_SEED: String(seed) },
    onLine: (line) => process.stderr.write(`${line}\n`),
  });
  await cluster.complete;
  const database = openDatabase(file);
  const cookie = `session=${createSessions(database).create("alice").token}`;

  /** What each node says, when it is asked by itself. */
  async function peopleOnEachNode(): Promise<string[]> {
    return Promise.all(
      cluster.nodes.map(async ({ port }) => {
        const response = await fetch(`http://127.0.0.1:${port}/boards/board-1/presence`, {
          headers: { cookie },
        });
        const { users } = await response.json();
        return users.join(" ");
      }),
    );
  }

  async function expectPeople(users: readonly string[]): Promise<void> {
    const wanted = users.join(" ");
    let said: string[] = [];
    await until(
      "the presence",
      async () => {
        said = await peopleOnEachNode();
        return said.every((each) => each === wanted);
      },
      PRESENCE_WITHIN_MS,
    ).catch(() => {
      throw new Error(`On the board: "${wanted}". The nodes say: ${JSON.stringify(said)}.`);
    });
  }

  return {
    port: cluster.port,
    trouble: (random, ms) => trouble(cluster, random, ms),
    settled: expectPeople,
    left: () => expectPeople([]),
    async stop() {
      database.close();
      await cluster.stop();
    },
  };
}

/** Two nodes are killed, one after the other, one is drained and replaced, and Redis is killed and frozen. */
async function breakCluster(
  cluster: Cluster,
  random: () => number,
  ms: number,
): Promise<readonly SoakFault[]> {
  const { nodes, redis } = cluster;
  const faults: SoakFault[] = [];
  const someNode = () => nodes[Math.floor(random() * nodes.length)] ?? nodes[0];

  async function during(
    kind: string,
    begin: () => unknown,
    forMs: number,
    end: () => unknown,
  ): Promise<void> {
    const from = Date.now();
    await begin();
    await pause(forMs);
    await end();
    faults.push({ kind, from, to: Date.now() });
  }

  const kill = async () => {
    const node = someNode();
    await during(
      "kill a node",
      () => node?.kill(),
      100 * random(),
      () => node?.start(),
    );
  };
  const drain = async () => {
    const node = someNode();
    if (!node) return;
    await during(
      "drain a node",
      () => cluster.drain(node),
      0,
      () => cluster.bringBack(node),
    );
  };
  const freeze = async () => {
    const node = someNode();
    await during(
      "freeze a node",
      () => node?.freeze(),
      200 + 600 * random(),
      () => node?.thaw(),
    );
  };
  const killRedis = () =>
    during(
      "kill Redis",
      () => redis?.kill(),
      500 * random(),
      () => redis?.start(),
    );
  const freezeRedis = () =>
    during(
      "freeze Redis",
      () => redis?.freeze(),
      200 + 800 * random(),
      () => redis?.thaw(),
    );

  /** All of them, in some order, spread over the time. */
  async function run(all: readonly (() => Promise<void>)[]): Promise<void> {
    const left = [...all];
    const share = ms / all.length;
    while (left.length > 0) {
      const startedAt = Date.now();
      await pause(share * 0.4 * random());
      const [trouble] = left.splice(Math.floor(random() * left.length), 1);
      await trouble?.();
      await pause(Math.max(0, share - (Date.now() - startedAt)));
    }
  }

  // Nodes and Redis at the same time.
  await Promise.all([run([kill, drain, freeze, kill]), run([killRedis, freezeRedis])]);
  return faults;
}

/** One node after another is taken out in good order and comes back, as in an update of the program. */
export async function replaceAllNodes(
  cluster: Cluster,
  _random: () => number,
  ms: number,
): Promise<readonly SoakFault[]> {
  const faults: SoakFault[] = [];
  for (const node of cluster.nodes) {
    await pause(ms / 6);
    const from = Date.now();
    await cluster.drain(node);
    await cluster.bringBack(node);
    faults.push({ kind: "replace a node", from, to: Date.now() });
  }
  return faults;
}
