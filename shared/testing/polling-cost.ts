import { setMaxListeners } from "node:events";
import { setTimeout } from "node:timers/promises";
import type { RunningServer } from "../serve.ts";

export interface PollingCost {
  readonly requests: number;
  /** Answers without an event. */
  readonly empty: number;
  /** Both directions, heads and bodies, as the server's sockets counted them. */
  readonly bytes: number;
  /** From the sending of a change to the arrival of its event, over all clients: the mean, in milliseconds. */
  readonly meanDelayMs: number;
}

export interface PollingRun {
  readonly server: RunningServer;
  readonly clients: number;
  readonly seconds: number;
  /** How often somebody changes a task, in milliseconds. */
  readonly changeEveryMs: number;
  /** Waits if it wants to, and asks once. Called again and again, one call at a time for each client. */
  ask(client: PollingClient): Promise<void>;
}

export interface PollingClient {
  /** The last seq it has. */
  seq: number;
  /** How often it has asked. */
  asked: number;
  /** The ETag of its last answer, where the transport has one. */
  etag: string | null;
  /** Requests `path`, counts it, and notes the events in the answer. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Requests `path` and counts it; the answer is the caller's, for instance a stream. */
  open(path: string): Promise<Response>;
  /** Notes that an event has come. */
  arrived(seq: number): void;
  /** Aborted when the measurement is over. */
  readonly signal: AbortSignal;
}

/** Lets clients follow `board-1` over real connections for a while, and counts what that costs. */
export async function measurePolling(run: PollingRun): Promise<PollingCost> {
  const { server, clients, seconds, changeEveryMs, ask } = run;
  const over = new AbortController();
  setMaxListeners(0, over.signal); // every client listens, and there are many
  const sentAt = new Map<number, number>();
  const delays: number[] = [];
  let requests = 0;
  let empty = 0;
  const sockets = new Set<{ bytesRead: number; bytesWritten: number }>();
  server.node.on("connection", (socket) => sockets.add(socket));

  function open(this: PollingClient, path: string, headers: Record<string, string> = {}): Promise<Response> {
    requests += 1;
    this.asked += 1;
    return fetch(server.url + path, { headers, signal: over.signal });
  }

  async function get(
    this: PollingClient,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const response = await open.call(this, path, headers);
    const page = response.status === 200 ? await response.clone().json() : { events: [] };
    if (page.events.length === 0) empty += 1;
    for (const { seq } of page.events) this.arrived(seq);
    return response;
  }

  function arrived(this: PollingClient, seq: number): void {
    const now = performance.now();
    delays.push(now - (sentAt.get(seq) ?? now));
    this.seq = seq;
  }

  async function follow(client: PollingClient): Promise<void> {
    while (!over.signal.aborted) await ask(client);
  }

  const { seq: start } = await (await fetch(`${server.url}/boards/board-1`)).json();
  const following = Array.from({ length: clients }, () =>
    follow({ seq: start, asked: 0, etag: null, get, open, arrived, signal: over.signal }).catch((error) => {
      if (!over.signal.aborted) throw error;
    }),
  );
  let seq = start;
  const changing = setInterval(() => {
    seq += 1;
    sentAt.set(seq, performance.now());
    const body = JSON.stringify({ title: `Write the release notes, version ${seq}` });
    const headers = { "content-type": "application/json" };
    void fetch(`${server.url}/tasks/task-1`, { method: "PATCH", headers, body });
  }, changeEveryMs);

  await setTimeout(seconds * 1_000);
  clearInterval(changing);
  over.abort();
  await Promise.all(following);
  let bytes = 0;
  for (const socket of sockets) bytes += socket.bytesRead + socket.bytesWritten;
  const meanDelayMs = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
  return { requests, empty, bytes, meanDelayMs };
}

/** One turn of chapter 01's client: pause, ask with the ETag, remember the new one. */
export async function shortPoll(client: PollingClient, intervalMs: number): Promise<void> {
  // As in its client.ts; and the clients of a real board did not all start in the same instant.
  const pause = client.asked === 0 ? Math.random() : 0.9 + 0.2 * Math.random();
  await setTimeout(intervalMs * pause, undefined, { signal: client.signal });
  const { seq, etag } = client;
  const headers: Record<string, string> = etag === null ? {} : { "if-none-match": etag };
  const response = await client.get(`/boards/board-1/updates?after=${seq}`, headers);
  client.etag = client.seq === seq ? response.headers.get("etag") : null;
}

/** Per minute, as cells of a table: requests, share of empty answers, kB, mean delay. */
export function costCells({ requests, empty, bytes, meanDelayMs }: PollingCost, seconds: number) {
  const perMinute = 60 / seconds;
  return [
    Math.round(requests * perMinute),
    `${Math.round((100 * empty) / requests)} %`,
    Math.round((bytes * perMinute) / 1_000),
    `${Math.round(meanDelayMs)} ms`,
  ];
}

/** A row of a table that lines up: texts to the right of columns of these widths. */
export function tableRow(cells: readonly (string | number)[], widths: readonly number[]): string {
  const texts = cells.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell));
  return `${texts.map((text, index) => text.padStart(widths[index] ?? 0)).join("")}\n`;
}
