// All that chapter 10 consists of: Redis, nodes, and what stands in front of them. Each can be killed, frozen and started.
import { join } from "node:path";
import { openDatabase } from "../../../shared/database.ts";
import { seed } from "../../../shared/seed.ts";
import type { Part } from "../../../shared/tools/parts.ts";
import { type Front, openFront } from "./front.ts";
import { createNode, type NodeProcess } from "./node.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

export interface ClusterSettings {
  readonly databaseFile: string;
  /** @default 3 */
  readonly nodeCount?: number;
  /** Of what stands in front. 0 lets the system choose a free one. @default 0 */
  readonly port?: number;
  /** A Redis that runs already, and is nobody's to kill here. @default one of our own */
  readonly redisUrl?: string | undefined;
  /** What a node runs. @default server.ts of this chapter */
  readonly nodeFile?: string;
  /** For the nodes. @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each line that a node writes. */
  readonly onLine?: (line: string) => void;
  /** Something is in another state now. */
  readonly onChange?: () => void;
}

export interface Cluster {
  /** Of what stands in front. */
  readonly port: number;
  readonly front: Front;
  /** Undefined when it is not ours. */
  readonly redis: RedisServer | undefined;
  readonly nodes: readonly NodeProcess[];
  /** All nodes have started: when the cluster opens, it is the first one only, because nobody likes to wait. */
  readonly complete: Promise<void>;
  /** All of them, as the stage shows them. */
  readonly parts: readonly Part[];
  /** Does what the stage was asked for. What the part does not offer at the moment is nothing. */
  act(part: string, action: string): Promise<void>;
  /** Takes a node out in good order: no new connections come to it, and then those that it has are sent elsewhere. */
  drain(node: NodeProcess): Promise<void>;
  /** Starts a node that was killed or drained. */
  bringBack(node: NodeProcess): Promise<void>;
  /** Asks the nodes how many connections they have. */
  count(): Promise<void>;
  stop(): Promise<void>;
}

const SERVER = join(import.meta.dirname, "../server.ts");

/** How long a node may take to say how many connections it has, in milliseconds. */
const COUNT_WITHIN_MS = 300;

/** @throws {SettingError} when Redis is missing, or the port is taken */
export async function openCluster(settings: ClusterSettings): Promise<Cluster> {
  const { databaseFile, nodeCount = 3, port = 0, nodeFile = SERVER, redisUrl } = settings;
  const { env = process.env, onLine = () => {}, onChange = () => {} } = settings;
  let hasBus = true;
  // Once, before several want to do it.
  seed(openDatabase(databaseFile)).close();

  const redis = redisUrl === undefined ? await startRedis() : undefined;
  const url = redis?.url ?? redisUrl;
  const names = Array.from({ length: nodeCount }, (_, index) => `node-${index + 1}`);
  const nodes = names.map((name) => createNode(settingsOf(name)));
  const inFront = new Set<NodeProcess>();
  const counts = new Map<NodeProcess, string>();
  let front: Front | undefined;

  function settingsOf(name: string) {
    const own = { ...env, DATABASE_FILE: databaseFile, TRUSTED_PROXIES: "loopback" };
    return {
      name,
      file: nodeFile,
      // The bus may have been turned on or off since the last start.
      env: () => ({ ...own, REDIS_URL: hasBus ? url : "" }),
      onLine,
      onChange,
    };
  }

  async function stop(): Promise<void> {
    await front?.stop();
    await Promise.all(nodes.map((node) => node.stop()));
    await redis?.stop();
  }

  try {
    const [first] = nodes;
    await first?.start();
    if (first) inFront.add(first);
    front = await openFront({ port, nodes: portsInFront() });
  } catch (error) {
    await stop();
    throw error;
  }
  const opened = front;

  function portsInFront(): number[] {
    return nodes.filter((node) => inFront.has(node)).map((node) => node.port);
  }

  async function drain(node: NodeProcess): Promise<void> {
    inFront.delete(node);
    await opened.setNodes(portsInFront());
    await node.stop();
  }

  async function bringBack(node: NodeProcess): Promise<void> {
    await node.start();
    if (inFront.has(node)) return;
    inFront.add(node);
    await opened.setNodes(portsInFront());
    onChange();
  }

  async function setBus(isOn: boolean): Promise<void> {
    hasBus = isOn;
    onChange();
    await Promise.all(
      nodes.map(async (node) => {
        if (node.state === "stopped") return;
        await node.stop();
        await node.start();
      }),
    );
  }

  function partOf(node: NodeProcess): Part {
    const actions = {
      running: ["kill", "freeze", "drain"],
      frozen: ["kill", "thaw"],
      stopped: ["start"],
      starting: [],
    };
    const detail = node.state === "running" ? counts.get(node) : undefined;
    return { name: node.name, state: node.state, detail, actions: actions[node.state] };
  }

  function partOfRedis(): Part {
    if (!redis) return { name: "redis", state: "running", detail: "yours", actions: [] };
    const actions = { running: ["kill", "freeze"], frozen: ["kill", "thaw"], stopped: ["start"] };
    return { name: "redis", state: redis.state, detail: `port ${redis.port}`, actions: actions[redis.state] };
  }

  function partsNow(): readonly Part[] {
    const bus: Part = hasBus
      ? { name: "bus", state: "running", actions: ["off"] }
      : { name: "bus", state: "stopped", detail: "as in chapter 09", actions: ["on"] };
    const proxy: Part = { name: opened.kind, state: "running", actions: [] };
    return [bus, partOfRedis(), proxy, ...nodes.map(partOf)];
  }

  async function act(part: string, action: string): Promise<void> {
    const isOffered = partsNow().some(({ name, actions }) => name === part && actions.includes(action));
    if (!isOffered) return;
    const node = nodes.find(({ name }) => name === part);
    if (part === "bus") await setBus(action === "on");
    else if (node && action === "drain") await drain(node);
    else if (node && action === "start") await bringBack(node);
    else await doTo(node ?? (part === "redis" ? redis : undefined), action);
    onChange();
  }

  async function count(): Promise<void> {
    await Promise.all(
      nodes.map(async (node) => {
        const detail = node.state === "running" ? await connectionsOf(node.port) : undefined;
        if (detail === undefined || counts.get(node) === detail) return;
        counts.set(node, detail);
        onChange();
      }),
    );
  }

  async function startOthers(): Promise<void> {
    const others = nodes.slice(1);
    await Promise.all(others.map((node) => node.start()));
    for (const node of others) inFront.add(node);
    await opened.setNodes(portsInFront());
    onChange();
  }

  const complete = startOthers();
  // Whoever waits for it is told; nobody has to.
  complete.catch(() => {});
  return {
    port: opened.port,
    front: opened,
    redis,
    nodes,
    complete,
    get parts() {
      return partsNow();
    },
    act,
    drain,
    bringBack,
    count,
    stop,
  };
}

async function doTo(program: NodeProcess | RedisServer | undefined, action: string): Promise<void> {
  if (action === "kill") await program?.kill();
  else if (action === "start") await program?.start();
  else if (action === "freeze") program?.freeze();
  else if (action === "thaw") program?.thaw();
}

/** @returns in words; undefined when the node does not answer */
async function connectionsOf(port: number): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(COUNT_WITHIN_MS);
    const { sockets } = await (await fetch(`http://127.0.0.1:${port}/health`, { signal })).json();
    return sockets === 1 ? "1 socket" : `${sockets} sockets`;
  } catch {
    return undefined;
  }
}
