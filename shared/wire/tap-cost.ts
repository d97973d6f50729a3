// What the tap costs: how much later an event arrives through it, and how many bytes a second it passes on.
// Run: npx tsx shared/wire/tap-cost.ts
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tableRow } from "../testing/polling-cost.ts";
import { openTap } from "./tap.ts";

const CONNECTIONS = 100;
const EVENT_EVERY_MS = 10;
const EVENTS = 1_000;
/** Not counted: the first ones find everything cold. */
const WARM_UP_EVENTS = 100;
const ROUNDS = 7;
const ROUND_BYTES = 300_000_000;
/** Longer than all of it takes, in milliseconds. */
const GIVE_UP_AFTER_MS = 60_000;

type Path = "without" | "with";

interface Cost {
  /** Milliseconds that each event took. */
  readonly delays: number[];
  /** Of each round, in bytes a second. */
  readonly rates: number[];
}

/** Each side has a process of its own: in one, they would wait for each other. */
const roles: Record<string, () => Promise<unknown>> = { source, tap, sink };
const role = roles[process.argv[2] ?? ""];
if (role) {
  process.once("disconnect", () => process.exit());
  process.send?.(await role());
} else {
  process.stdout.write(table(await compare()));
}

/** Starts the others, and stops them. */
async function compare(): Promise<Record<Path, Cost>> {
  const children: ChildProcess[] = [];
  const start = async (name: string, ...ports: number[]) => {
    const child = fork(import.meta.filename, [name, ...ports.map(String)]);
    children.push(child);
    const failing = once(child, "exit").then(() => Promise.reject(new Error(`The ${name} has stopped.`)));
    failing.catch(() => {}); // in the end all of them stop
    const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
    const [message] = await Promise.race([once(child, "message", { signal }), failing]);
    return message;
  };
  try {
    const sourcePort = await start("source");
    const tapPort = await start("tap", sourcePort);
    return await start("sink", sourcePort, tapPort);
  } finally {
    // Without a channel to their parent they stop, also when it is killed.
    for (const child of children) if (child.connected) child.disconnect();
  }
}

/** Serves events to whoever asks for a stream, in turns, and bytes as fast as they are taken. */
async function source(): Promise<number> {
  const streams: ServerResponse[] = [];
  const block = Buffer.alloc(262_144, "x");

  function sendEvents(): void {
    let sent = 0;
    const timer = setInterval(() => {
      const response = streams[sent % streams.length];
      response?.write(`data: ${process.hrtime.bigint()}\n\n`);
      sent += 1;
      if (sent < 2 * (WARM_UP_EVENTS + EVENTS)) return;
      clearInterval(timer);
      for (const stream of streams) stream.end();
    }, EVENT_EVERY_MS / 2);
  }

  function sendBytes(response: ServerResponse): void {
    let left = ROUND_BYTES;
    response.writeHead(200, { "content-length": ROUND_BYTES });
    response.on("drain", push);
    push();
    function push(): void {
      while (left > 0) {
        const piece = block.subarray(0, left);
        left -= piece.length;
        if (!response.write(piece)) return;
      }
      response.end();
    }
  }

  const server = createServer((request, response) => {
    if (request.url === "/bytes") return sendBytes(response);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    streams.push(response);
    if (streams.length === 2 * CONNECTIONS) sendEvents();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function tap(): Promise<number> {
  const { port } = await openTap({ target: Number(process.argv[3]) });
  return port;
}

/** Measures both paths in turns: what else happens on this machine meets both. */
async function sink(): Promise<Record<Path, Cost>> {
  const ports: [Path, number][] = [
    ["without", Number(process.argv[3])],
    ["with", Number(process.argv[4])],
  ];
  const costs: Record<Path, Cost> = {
    without: { delays: [], rates: [] },
    with: { delays: [], rates: [] },
  };
  const streams: Promise<void>[] = [];
  for (let count = 0; count < CONNECTIONS; count += 1) {
    for (const [path, port] of ports) {
      streams.push(readEvents(await ask(port, "/events"), costs[path].delays));
    }
  }
  await Promise.all(streams);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [path, port] of ports) {
      const start = performance.now();
      const response = await ask(port, "/bytes");
      await once(response.resume(), "end");
      costs[path].rates.push((ROUND_BYTES / (performance.now() - start)) * 1_000);
    }
  }
  return costs;
}

async function ask(port: number, path: string): Promise<IncomingMessage> {
  const [response] = await once(get({ agent: false, port, host: "127.0.0.1", path }), "response");
  return response;
}

async function readEvents(stream: IncomingMessage, delays: number[]): Promise<void> {
  stream.on("data", (bytes: Buffer) => {
    // The clock that counts since the machine was started is the same for all processes.
    const sentAt = BigInt(/\d+/.exec(bytes.toString())?.[0] ?? 0);
    delays.push(Number(process.hrtime.bigint() - sentAt) / 1e6);
  });
  await once(stream, "end");
}

function table(costs: Record<Path, Cost>): string {
  const widths = [24, 12, 12, 12];
  const delay = (path: Path, share: number) => quantile(costs[path].delays.slice(WARM_UP_EVENTS), share);
  const delays = [0.5, 0.99].map((share) => {
    const [without, through] = [delay("without", share), delay("with", share)];
    const cells = [without, through, through - without].map((ms) => `${ms.toFixed(2)} ms`);
    return tableRow([`event, ${share * 100}th percentile`, ...cells], widths);
  });
  const rates = (["without", "with"] as const).map((path) => quantile(costs[path].rates, 0.5));
  const cells = rates.map((rate) => `${Math.round(rate / 1e6)} MB/s`);
  const head = tableRow(["", "without tap", "with tap", "added"], widths);
  return [head, ...delays, tableRow(["throughput, median", ...cells], widths)].join("");
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.floor(share * values.length)] ?? Number.NaN;
}
