// The thundering herd: a thousand clients, a restart, and how many knock in each tenth of a second, with and without jitter.
// Run: npx tsx chapters/07-reconnection/herd.ts [FILE.svg]
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import { tableRow } from "../../shared/testing/polling-cost.ts";
import { until } from "../../shared/testing/until.ts";
import { createReconnectingSocket } from "./reconnecting-socket.ts";

const CLIENTS = 1_000;
/** How long the server is away, in milliseconds. Several times, because one could happen to suit one of the two. */
const OUTAGES_MS = [1_500, 2_000, 2_900];
const BIN_MS = 100;
const WIDTHS = [15, 15, 12, 12];

/** How much of it the picture shows, in milliseconds. */
const SHOWN_MS = 6_000;

interface Herd {
  /** How many upgrades were asked for in each tenth of a second after the server was back. */
  readonly bins: readonly number[];
  /** When 99 of 100 were in again, in milliseconds after the server was back. */
  readonly backMs: number;
}

/** @param random of the backoff: `() => 1` is no jitter */
async function stampede(random: () => number, downMs: number): Promise<Herd> {
  let backAt = Number.POSITIVE_INFINITY;
  const knocks: number[] = [];
  const open = new Set<WebSocket>();

  async function listen(port: number): Promise<Server> {
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    const server = createServer().listen({ port, host: "127.0.0.1", backlog: CLIENTS });
    server.on("upgrade", (request, connection, head) => {
      knocks.push(performance.now() - backAt);
      sockets.handleUpgrade(request, connection, head, (socket) => {
        open.add(socket);
        socket.send("hello");
      });
    });
    await until("the server", () => server.listening);
    return server;
  }

  let server = await listen(0);
  const { port } = server.address() as { port: number };
  const clients = Array.from({ length: CLIENTS }, () =>
    createReconnectingSocket({
      address: async () => `ws://127.0.0.1:${port}/`,
      shouldComeBack: () => true,
      onMessage: () => {},
      onState: () => {},
      backoff: { random },
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
    }),
  );
  await until("all to be connected", () => open.size === CLIENTS, 30_000);

  server.close();
  for (const socket of open) socket.close(1012, "restart");
  open.clear();
  knocks.length = 0;
  await new Promise((resolve) => setTimeout(resolve, downMs));
  server = await listen(port);
  backAt = performance.now();
  await until("nearly all to be back", () => open.size >= CLIENTS * 0.99, 60_000);
  const backMs = performance.now() - backAt;

  for (const client of clients) client.stop();
  server.close();
  server.closeAllConnections();
  for (const socket of open) socket.terminate();
  const bins = Array.from({ length: Math.ceil(backMs / BIN_MS) }, () => 0);
  for (const knock of knocks) {
    const bin = Math.max(0, Math.floor(knock / BIN_MS));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return { bins, backMs };
}

/** Two rows of bars over the same seconds. */
function picture(rows: readonly (readonly [name: string, herd: Herd])[]): string {
  const length = SHOWN_MS / BIN_MS;
  const highest = Math.max(...rows.flatMap(([, { bins }]) => bins));
  const bar = 6;
  const height = 110;
  const width = length * bar;
  const row = ([name, { bins }]: (typeof rows)[number], index: number) => {
    const bottom = 30 + (index + 1) * (height + 50) - 50;
    const later = CLIENTS - sum(bins.slice(0, length));
    const bars = bins.slice(0, length).map((count, at) => {
      const high = (count / highest) * height;
      return `<rect x="${40 + at * bar}" y="${(bottom - high).toFixed(1)}" width="${bar - 1}" height="${high.toFixed(1)}" fill="#3b82c4"/>`;
    });
    const seconds = Array.from({ length: Math.floor(length / 10) + 1 }, (_, second) => {
      return `<text x="${40 + second * 10 * bar}" y="${bottom + 16}">${second} s</text>`;
    });
    return `<text x="40" y="${bottom - height - 8}">${name}: at most ${Math.max(...bins)} in 100 ms, ${later} later than this</text>
<line x1="40" y1="${bottom}" x2="${40 + width}" y2="${bottom}" stroke="#777"/>
${bars.join("")}
${seconds.join("")}`;
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width + 80} ${30 + rows.length * (height + 50)}">
<title>Upgrades in each tenth of a second after a restart, without and with jitter</title>
<g font-family="sans-serif" font-size="13" fill="#777">
${rows.map(row).join("\n")}
</g>
</svg>
`;
}

const herds = { "without jitter": [] as Herd[], "with jitter": [] as Herd[] };
for (const downMs of OUTAGES_MS) {
  herds["without jitter"].push(await stampede(() => 1, downMs));
  herds["with jitter"].push(await stampede(Math.random, downMs));
}
process.stdout.write(tableRow(["", "most in 100 ms", "most in 1 s", "99 % back"], WIDTHS));
for (const [name, each] of Object.entries(herds)) {
  const inOneSecond = ({ bins }: Herd) => bins.map((_, at) => sum(bins.slice(at, at + 1_000 / BIN_MS)));
  const cells = [
    name,
    Math.round(mean(each.map(({ bins }) => Math.max(...bins)))),
    Math.round(mean(each.map((herd) => Math.max(...inOneSecond(herd))))),
    `${(mean(each.map(({ backMs }) => backMs)) / 1_000).toFixed(1)} s`,
  ];
  process.stdout.write(tableRow(cells, WIDTHS));
}
const [, , file] = process.argv;
// The outage in the middle.
if (file) writeFileSync(file, picture(Object.entries(herds).map(([name, each]) => [name, each[1] as Herd])));
process.exit(0);

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}
