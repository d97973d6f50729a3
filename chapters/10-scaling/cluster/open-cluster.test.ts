import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { temporaryFolder } from "../../../shared/testing/temporary-folder.ts";
import { until } from "../../../shared/testing/until.ts";
import { needsProgram } from "./needs-program.ts";
import { type Cluster, openCluster } from "./open-cluster.ts";

const clusterTest = needsProgram("redis-server", "nginx");

async function clusterOfTest(): Promise<Cluster> {
  const cluster = await openCluster({ databaseFile: join(temporaryFolder(), "board.sqlite"), nodeCount: 2 });
  onTestFinished(() => cluster.stop());
  await cluster.complete;
  return cluster;
}

/** Each time on a new connection: one that is kept can be closed by a reload just when it is used again. */
async function nodeThatAnswers({ port, nodes }: Cluster): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/boards/board-1`, {
    headers: { connection: "close" },
  });
  const address = response.headers.get("x-node-address")?.split(", ").at(-1);
  return nodes.find((node) => address === `127.0.0.1:${node.port}`)?.name;
}

const describeParts = ({ parts }: Cluster) =>
  Object.fromEntries(parts.map(({ name, state, actions }) => [name, `${state}: ${actions.join(" ")}`]));

clusterTest(
  "each program can be killed, frozen, started and drained, and what can be done is said",
  async () => {
    const cluster = await clusterOfTest();
    const says = () => describeParts(cluster);
    expect(says()).toMatchObject({
      bus: "running: off",
      redis: "running: kill freeze",
      "node-1": "running: kill freeze drain",
      "node-2": "running: kill freeze drain",
    });
    await cluster.act("node-1", "kill");
    await cluster.act("redis", "freeze");
    expect(says()).toMatchObject({ redis: "frozen: kill thaw", "node-1": "stopped: start" });
    await cluster.act("redis", "thaw");
    await cluster.act("node-1", "start");
    await cluster.act("node-2", "drain");
    expect(says()).toMatchObject({ redis: "running: kill freeze", "node-2": "stopped: start" });
    // All requests come to the other one.
    for (let index = 0; index < 4; index += 1) {
      expect(await nodeThatAnswers(cluster)).toBe("node-1");
    }
    await cluster.act("node-2", "start");
    await until("the node in front", async () => (await nodeThatAnswers(cluster)) === "node-2");
    // What is not offered is nothing.
    await cluster.act("node-2", "thaw");
    await cluster.act("nobody", "kill");
    expect(says()).toMatchObject({ "node-2": "running: kill freeze drain" });

    // Without the bus they are alone, and say so.
    const redisOf = async (index: number) => {
      const response = await fetch(`http://127.0.0.1:${cluster.nodes[index]?.port}/health`);
      return (await response.json()).redis;
    };
    await until("Redis", async () => (await redisOf(0)) === "up" && (await redisOf(1)) === "up");
    await cluster.act("bus", "off");
    expect([await redisOf(0), await redisOf(1), describeParts(cluster).bus]).toEqual([
      "none",
      "none",
      "stopped: on",
    ]);
    await cluster.act("bus", "on");
    await until("Redis", async () => (await redisOf(0)) === "up" && (await redisOf(1)) === "up");
  },
);
