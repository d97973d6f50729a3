// The thundering herd: a thousand clients, one restart, and how many knock in each tenth of a second, with and without jitter.
// Run: npx tsx chapters/07-reconnection/herd.ts [FILE.svg]
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import { tableRow } from "../../shared/testing/polling-cost.ts";
import { until } from "../../shared/testing/until.ts";
import { createReconnectingSocket } from "./reconnecting-socket.ts";

const CLIENTS = 1_000;
/** How long the server is away, in milliseconds. */
const DOWN_MS = 2_000;
const BIN_MS = 100;
const WIDTHS = [16, 16, 13, 17, 16];

/** How much of it the picture shows, in milliseconds. */
const SHOWN_MS = 6_000;

interface Herd {
  /** How many upgrades were asked for in each tenth of a second after the server was back. */
  readonly bins: readonly number[];
  /** When the last of them was in again, in milliseconds after the server was back. */
  readonly allBackMs: number;
}

/** @param random of the backoff: `() => 1` is no jitter */
async function stampede(random: () => number): Promise<Herd> {
  let backAt = Number.POSITIVE_INFINITY;
  const knocks: number[] = [];
  const open = new Set<WebSocket>();

  async function listen(port: number): Promise<Server> {
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    const server = createServer().listen({ port, host: "127.0.0.1", backlog: CLIENTS });
    server.on("upgrade", (request, connection, head) => {
      knocks.push(performance.now() - backAt);
      sockets.handleUpgrade(request, connection, head, (socket) => open.add(socket));
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
  await new Promise((resolve) => setTimeout(resolve, DOWN_MS));
  server = await listen(port);
  backAt = performance.now();
  await until("all to be back", () => open.size === CLIENTS, 60_000);
  const allBackMs = performance.now() - backAt;

  for (const client of clients) client.stop();
  server.close();
  server.closeAllConnections();
  for (const socket of open) socket.terminate();
  const bins = Array.from({ length: Math.ceil(allBackMs / BIN_MS) }, () => 0);
  for (const knock of knocks) {
    const bin = Math.max(0, Math.floor(knock / BIN_MS));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return { bins, allBackMs };
}

function halfBackMs(bins: readonly number[]): number {
  let sum = 0;
  const bin = bins.findIndex((count) => {
    sum += count;
    return sum >= CLIENTS / 2;
  });
  return (bin + 1) * BIN_MS;
}

/** Two rows of bars over the same seconds. */
function picture(rows: readonly (readonly [name: string, herd: Herd])[]): string {
  const length = SHOWN_MS / BIN_MS;
  const highest = Math.max(...rows.flatMap(([, { bins }]) => bins));
  const bar = 10;
  const height = 140;
  const width = length * bar;
  const row = ([name, { bins }]: (typeof rows)[number], index: number) => {
    const bottom = 30 + (index + 1) * (height + 50) - 50;
    const later = bins.slice(length).reduce((sum, count) => sum + count, 0);
    const bars = bins.slice(0, length).map((count, at) => {
      const high = (count / highest) * height;
      return `<rect x="${40 + at * bar}" y="${(bottom - high).toFixed(1)}" width="${bar - 1}" height="${high.toFixed(1)}" fill="#3b82c4"/>`;
    });
    const seconds = Array.from({ length: Math.floor(length / 10) + 1 }, (_, second) => {
      return `<text x="${40 + second * 10 * bar}" y="${bottom + 16}">${second} s</text>`;
    });
    return `<text x="40" y="${bottom - height - 8}">${name}: at most ${Math.max(...bins)} in a tenth of a second, ${later} after these ${SHOWN_MS / 1_000} s</text>
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

const rows = [
  ["without jitter", await stampede(() => 1)],
  ["with jitter", await stampede(Math.random)],
] as const;
process.stdout.write(
  tableRow(["", "most in 100 ms", "most in 1 s", "half back after", "all back after"], WIDTHS),
);
for (const [name, { bins, allBackMs }] of rows) {
  const perSecond = bins.map((_, at) => bins.slice(at, at + 10).reduce((sum, count) => sum + count, 0));
  const cells = [
    name,
    Math.max(...bins),
    Math.max(...perSecond),
    `${(halfBackMs(bins) / 1_000).toFixed(1)} s`,
    `${(allBackMs / 1_000).toFixed(1)} s`,
  ];
  process.stdout.write(tableRow(cells, WIDTHS));
}
const [, , file] = process.argv;
if (file) writeFileSync(file, picture(rows));
process.exit(0);
