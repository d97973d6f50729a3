// What several nodes cost and bring: one, two and three of them, with a bus and without, and what follows for many more.
// Run: npx tsx chapters/10-scaling/scaling-cost.ts
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WebSocket } from "ws";
import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { SettingError } from "../../shared/settings.ts";
import { tableRow } from "../../shared/testing/polling-cost.ts";
import { createNode, type NodeProcess } from "./cluster/node.ts";
import { type RedisServer, startRedis } from "./cluster/redis-server.ts";
import { type Constants, type Load, needFor } from "./cost/capacity.ts";
import type { NodeCost } from "./cost/cost-node.ts";
import { BOARD, cookiesFor, openChanger, openSockets } from "./cost/load.ts";
import { openRedisLink, type RedisLink } from "./redis-link.ts";

/** How many follow the board, spread over the nodes. */
const FOLLOWERS = 300;
/** With a steady load: so many changes a second, for so long in milliseconds. */
const CHANGES_PER_SECOND = 60;
const STEADY_MS = 1_500;
/** As fast as it goes: so many changes at the same time, for so long in milliseconds. */
const AT_ONCE = 24;
const FULL_MS = 1_200;
/** For the memory of one. */
const IDLE_SOCKETS = 1_000;

const NODE_FILE = join(import.meta.dirname, "cost/cost-node.ts");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Setup {
  readonly name: string;
  readonly nodes: readonly NodeProcess[];
}

interface Steady {
  /** Milliseconds of processor time in a second: of the busiest node, of all, of Redis. */
  readonly busiest: number;
  readonly all: number;
  readonly redis: number;
  /** From the change to its arrival, in milliseconds. */
  readonly sameNode: readonly number[];
  readonly otherNode: readonly number[];
}

const folder = mkdtempSync(join(tmpdir(), "real-time-apis-cost-"));
const file = join(folder, "board.sqlite");
const database = seed(openDatabase(file));
const started: NodeProcess[] = [];
let redis: RedisServer | undefined;
let link: RedisLink | undefined;

try {
  redis = await startRedis();
  link = openRedisLink(redis.url);
  const [alone, one, two, three, deaf1, deaf2] = await startNodes(redis.url);
  if (!alone || !one || !two || !three || !deaf1 || !deaf2) throw new Error("a node is missing");
  await measure([
    { name: "1, no bus", nodes: [alone] },
    { name: "1", nodes: [one] },
    { name: "2", nodes: [one, two] },
    { name: "3", nodes: [one, two, three] },
    { name: "2, no bus", nodes: [deaf1, deaf2] },
  ]);
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  link?.close();
  await Promise.all(started.map((node) => node.kill()));
  await redis?.stop();
  database.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Three on a Redis, one by itself, and two that have only the log in common: theirs is another Redis each, which is none. */
async function startNodes(url: string): Promise<NodeProcess[]> {
  const urls = ["", url, url, url, "redis://127.0.0.1:1", "redis://127.0.0.1:1"];
  const nodes = urls.map((redisUrl, index) =>
    createNode({
      name: `node-${index}`,
      file: NODE_FILE,
      env: () => ({ ...process.env, NODE_OPTIONS: "--expose-gc", DATABASE_FILE: file, REDIS_URL: redisUrl }),
    }),
  );
  started.push(...nodes);
  await Promise.all(nodes.map((node) => node.start()));
  return nodes;
}

async function measure(setups: readonly Setup[]): Promise<void> {
  const widths = [10, 14, 11, 8, 16, 16, 11];
  process.stdout.write(
    `${FOLLOWERS} sockets follow one board, ${CHANGES_PER_SECOND} changes a second. Processor time in ms per second.\n`,
  );
  process.stdout.write(
    tableRow(
      ["nodes", "busiest node", "all nodes", "Redis", "same node, ms", "other node, ms", "changes/s"],
      widths,
    ),
  );
  process.stdout.write(tableRow(["", "", "", "", "p50     p99", "p50     p99", "at most"], widths));
  const results = new Map<string, { steady: Steady; full: Full }>();
  for (const { name, nodes } of setups) {
    const steady = await runSteadily(nodes);
    const full = await runFully(nodes);
    results.set(name, { steady, full });
    const cells = [name, steady.busiest, steady.all, steady.redis].map((cell) =>
      typeof cell === "number" ? Math.round(cell) : cell,
    );
    process.stdout.write(
      tableRow(
        [...cells, percentiles(steady.sameNode), percentiles(steady.otherNode), Math.round(full.perSecond)],
        widths,
      ),
    );
  }
  const [alone, , , three] = setups;
  const fullAlone = results.get("1, no bus")?.full;
  const fullThree = results.get("3")?.full;
  if (alone && three && fullAlone && fullThree) {
    printCapacity(await constantsFrom(alone.nodes, three.nodes, fullAlone, fullThree));
  }
}

/** The same load for every setup, on whatever machine: what differs is what it costs. */
async function runSteadily(nodes: readonly NodeProcess[]): Promise<Steady> {
  const ports = nodes.map(({ port }) => port);
  const followers = await openSockets(ports, cookiesFor(database, FOLLOWERS));
  // All changes on the first node: what the others hear of it, they hear by the bus, or late.
  const changer = await openChanger(ports[0] ?? 0, cookiesFor(database, 1)[0] ?? "");
  const sameNode: number[] = [];
  const otherNode: number[] = [];
  followers.forEach((socket, index) => {
    // A few of them keep time: to read every message would keep this process busy, and not the nodes.
    if (index >= 6 * ports.length) return;
    socket.on("message", (data: Buffer) => {
      const found = /at (\d+\.\d+)"/.exec(data.toString());
      if (!found) return;
      const delays = index % ports.length === 0 ? sameNode : otherNode;
      delays.push(performance.now() - Number(found[1]));
    });
  });

  const before = await used(nodes);
  const startedAt = performance.now();
  const count = Math.round((CHANGES_PER_SECOND * STEADY_MS) / 1_000);
  for (let index = 0; index < count; index += 1) {
    const due = startedAt + (index * 1_000) / CHANGES_PER_SECOND;
    await pause(Math.max(0, due - performance.now()));
    void changer.change(`at ${performance.now().toFixed(3)}`);
  }
  // Without a bus some of it comes with the next look at the log.
  await pause(1_100);
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await used(nodes);
  closeAll([...followers, changer.socket]);
  const each = nodes.map((_, index) => ((after.nodes[index] ?? 0) - (before.nodes[index] ?? 0)) / seconds);
  return {
    busiest: Math.max(...each),
    all: each.reduce((sum, ms) => sum + ms, 0),
    redis: (after.redis - before.redis) / seconds,
    sameNode,
    otherNode,
  };
}

interface Full {
  readonly perSecond: number;
  /** Processor time for one change, in microseconds: of the nodes that carry changes out, of others, and of Redis. */
  readonly micros: number;
  readonly otherMicros: number;
  readonly redisMicros: number;
}

/**
 * As fast as they are answered: each changes a task of their own, and follows nothing.
 * @param others nodes that only hear of it
 */
async function runFully(nodes: readonly NodeProcess[], others: readonly NodeProcess[] = []): Promise<Full> {
  const cookies = cookiesFor(database, AT_ONCE);
  const changers = await Promise.all(
    cookies.map((cookie, index) => openChanger(nodes[index % nodes.length]?.port ?? 0, cookie)),
  );
  for (const { socket } of changers) socket.send(JSON.stringify({ type: "leave", boardId: BOARD }));
  await pause(200);
  const before = [await used(nodes), await used(others)] as const;
  const startedAt = performance.now();
  let done = 0;
  await Promise.all(
    changers.map(async ({ change }, index) => {
      for (let each = 0; performance.now() - startedAt < FULL_MS; each += 1) {
        if ((await change(`${index} ${each}`)) === 200) done += 1;
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = [await used(nodes), await used(others)] as const;
  closeAll(changers.map(({ socket }) => socket));
  const microsOf = (ms: number) => (ms * 1_000) / done;
  return {
    perSecond: done / seconds,
    micros: microsOf(sum(after[0].nodes) - sum(before[0].nodes)),
    otherMicros: microsOf(sum(after[1].nodes) - sum(before[1].nodes)),
    redisMicros: microsOf(after[0].redis - before[0].redis),
  };
}

async function constantsFrom(
  alone: readonly NodeProcess[],
  three: readonly NodeProcess[],
  fullAlone: Full,
  fullThree: Full,
): Promise<Constants> {
  // The memory first: later this node has had more sockets than that, and keeps what they needed.
  const [node] = alone as [NodeProcess];
  const ofSockets = await bytesPerSocket(node);

  // What a change costs with so many followers more than without.
  const followers = await openSockets([node.port], cookiesFor(database, FOLLOWERS));
  const followed = await runFully(alone);
  closeAll(followers);

  // One follower on each of the other nodes, so that they hear of every change. All changes are made on the first one.
  const [first, ...others] = three as [NodeProcess, ...NodeProcess[]];
  const listeners = await openSockets(
    others.map(({ port }) => port),
    cookiesFor(database, others.length),
  );
  const hinted = await runFully([first], others);
  closeAll(listeners);

  return {
    bytesPerSocket: ofSockets,
    microsPerChange: fullAlone.micros,
    microsPerDelivery: Math.max(0.1, (followed.micros - fullAlone.micros) / FOLLOWERS),
    microsPerHint: hinted.otherMicros / others.length,
    redisMicrosPerHint: hinted.redisMicros / others.length,
    commitsPerSecond: fullThree.perSecond,
  };
}

async function bytesPerSocket(node: NodeProcess): Promise<number> {
  const before = await costOf(node);
  const sockets = await openSockets([node.port], cookiesFor(database, IDLE_SOCKETS));
  await pause(200);
  const after = await costOf(node);
  closeAll(sockets);
  return (after.bytes - before.bytes) / IDLE_SOCKETS;
}

function printCapacity(constants: Constants): void {
  const { bytesPerSocket, microsPerDelivery, microsPerChange, microsPerHint } = constants;
  const { redisMicrosPerHint, commitsPerSecond } = constants;
  process.stdout.write(`
One socket: ${(bytesPerSocket / 1_000).toFixed(1)} kB of a node. Processor time: a delivery ${microsPerDelivery.toFixed(1)} µs, a change ${Math.round(microsPerChange)} µs,
a hint ${Math.round(microsPerHint)} µs on each node that hears it and ${redisMicrosPerHint.toFixed(1)} µs in Redis. The database: ${Math.round(commitsPerSecond)} changes/s.

Ten connections on each board, a change by each of them every minute, a heartbeat every 25 s,
at most 10,000 sockets and 2 GB of memory for them on a node, and no processor busier than half of the time:
`);
  const widths = [13, 11, 14, 9, 8, 10, 14];
  process.stdout.write(
    tableRow(["connections", "changes/s", "deliveries/s", "memory", "nodes", "Redis", "database"], widths),
  );
  for (const connections of [1_000, 10_000, 100_000, 1_000_000]) {
    const load: Load = {
      connections,
      connectionsPerBoard: 10,
      secondsBetweenChanges: 60,
      heartbeatSeconds: 25,
      nodeBytes: 2e9,
      nodeSockets: 10_000,
      maxBusy: 0.5,
    };
    const need = needFor(load, constants);
    process.stdout.write(
      tableRow(
        [
          connections,
          Math.round(need.changesPerSecond),
          Math.round(need.deliveriesPerSecond),
          `${(need.bytes / 1e9).toFixed(2)} GB`,
          need.nodes,
          `${(100 * need.redisBusy).toFixed(1)} %`,
          `${Math.round(100 * need.databaseBusy)} %`,
        ],
        widths,
      ),
    );
  }
}

/** Processor time so far, in milliseconds. */
async function used(nodes: readonly NodeProcess[]): Promise<{ nodes: number[]; redis: number }> {
  const costs = await Promise.all(nodes.map(costOf));
  const info = (await link?.ask((client) => client.info("cpu"))) ?? "";
  const seconds = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1] ?? 0);
  const redisMs = (seconds("used_cpu_user") + seconds("used_cpu_sys")) * 1_000;
  return { nodes: costs.map(({ cpuMs }) => cpuMs), redis: redisMs };
}

async function costOf({ port }: NodeProcess): Promise<NodeCost> {
  // On a new connection: seconds pass between two questions, and the node closes what was kept for so long.
  const headers = { connection: "close" };
  return (await fetch(`http://127.0.0.1:${port}/cost`, { headers })).json() as Promise<NodeCost>;
}

function percentiles(values: readonly number[]): string {
  if (values.length === 0) return "-";
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return [0.5, 0.99].map((share) => at(share).toFixed(1).padStart(7)).join(" ");
}

function closeAll(sockets: readonly WebSocket[]): void {
  for (const socket of sockets) socket.terminate();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
