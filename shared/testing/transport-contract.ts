import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import type { Database } from "../database.ts";
import type { BoardEvent } from "../events.ts";
import type { Servable } from "../serve.ts";
import type { Connect } from "../web/connect.ts";
import { openTap, type Tap } from "../wire/tap.ts";
import { browserNetwork } from "./browser-network.ts";
import { demoBoard, snapshotOf } from "./demo-board.ts";
import { stopOf } from "./follow-board.ts";
import { memoryAfterCollection } from "./leaks.ts";
import { startServer } from "./start-server.ts";
import { until } from "./until.ts";

/** What a way of following a board can promise. A promise is kept by server and client together. */
export interface Promises {
  /** Events arrive in the order of the log, without a gap. */
  readonly inOrder: boolean;
  /** What happens while the connection is cut arrives afterwards. */
  readonly nothingLost: boolean;
  /** No event arrives twice, also after a cut. */
  readonly nothingTwice: boolean;
  /** An event arrives when it happens, in well under half a second. */
  readonly atOnce: boolean;
  /** A client that does not read costs the server a bounded amount of memory. */
  readonly bounded: boolean;
  /** The client can say something without a request of its own. */
  readonly twoWay: boolean;
}

export interface Transport {
  /** The chapter's folder. */
  readonly folder: string;
  readonly connect: Connect;
  createApp(database: Database): Servable;
  /** Only what is true: a promise that is not kept fails, and so does one that is kept and not made. */
  readonly promises: Promises;
  /** From chapter 06 on: the `Cookie` header to send with every request. */
  signIn?(baseUrl: string): Promise<string>;
  /** Asks something on a connection that is open, without a request, and waits for the answer. */
  say?(baseUrl: string, cookie: string | undefined): Promise<void>;
}

const NAMES: Record<keyof Promises, string> = {
  inOrder: "in order",
  nothingLost: "nothing lost across a cut",
  nothingTwice: "nothing twice",
  atOnce: "at once",
  bounded: "bounded",
  twoWay: "two-way",
};

/** The line of a lesson that says what its transport promises. */
export function contractLine(promises: Promises): string {
  const words = (Object.keys(NAMES) as (keyof Promises)[]).map(
    (key) => `${NAMES[key]} ${promises[key] ? "yes" : "**no**"}`,
  );
  return `Contract: ${words.join(" · ")}.`;
}

/** Holds a transport to what it promises, over a real network that is cut. */
export function describeContract(name: string, transport: Transport): void {
  const measures: Record<keyof Promises, (stand: Stand) => Promise<boolean>> = {
    inOrder: isInOrder,
    nothingLost: async (stand) => (await throughCuts(stand)).isComplete,
    nothingTwice: async (stand) => (await throughCuts(stand)).isOnce,
    atOnce: isAtOnce,
    bounded: isBounded,
    twoWay: async ({ baseUrl, cookie }) => {
      await transport.say?.(baseUrl, cookie);
      return transport.say !== undefined;
    },
  };

  describe(`the contract of ${name}`, () => {
    for (const [key, measure] of Object.entries(measures) as [
      keyof Promises,
      (typeof measures)["inOrder"],
    ][]) {
      test(`${NAMES[key]}: ${transport.promises[key] ? "yes" : "no"}`, async () => {
        const isKept = await measure(await standUp(transport));
        expect(isKept).toBe(transport.promises[key]);
      }, 60_000);
    }

    test("the lesson says the same", () => {
      const lesson = readFileSync(join(transport.folder, "README.md"), "utf8").replaceAll(/\s+/g, " ");
      expect(lesson).toContain(contractLine(transport.promises));
    });
  });
}

/** The `say` of a transport whose connection is a WebSocket at `/ws`. */
export async function pingBySocket(baseUrl: string, cookie?: string): Promise<void> {
  const socket = new WebSocket(new URL("/ws", baseUrl.replace("http", "ws")), {
    headers: { ...(cookie && { cookie, origin: baseUrl }) },
  });
  await once(socket, "message"); // hello
  socket.send('{"type":"ping"}');
  const [answer] = await once(socket, "message");
  socket.close();
  expect(String(answer)).toBe('{"type":"pong"}');
}

interface Stand {
  readonly baseUrl: string;
  readonly cookie: string | undefined;
  readonly tap: Tap;
  readonly received: BoardEvent[];
  /** Changes a task by a request of its own, which no fault touches. */
  change(description?: string): Promise<void>;
}

/** A server, a tap before it, and the transport's own client behind that. */
async function standUp({ createApp, connect, signIn }: Transport): Promise<Stand> {
  const { database, boards } = demoBoard();
  const app = createApp(database);
  const server = await startServer(app, { graceMs: 100 });
  const tap = await openTap({ target: server.port });
  onTestFinished(() => tap.close());
  const baseUrl = `http://127.0.0.1:${tap.port}`;
  const realFetch = globalThis.fetch;
  const cookie = await signIn?.(server.url);
  browserNetwork(baseUrl, cookie);

  const received: BoardEvent[] = [];
  let isLive = false;
  const { board, seq } = snapshotOf(boards);
  const following = connect(
    "board-1",
    { epoch: board.epoch, seq },
    (events) => received.push(...events),
    (state) => {
      isLive = state === "live";
    },
  );
  onTestFinished(stopOf(following));
  await until("the client to be live", () => isLive, 10_000);
  let count = 0;
  return {
    baseUrl,
    cookie,
    tap,
    received,
    async change(description = "") {
      count += 1;
      const response = await realFetch(`${server.url}/tasks/task-1`, {
        method: "PATCH",
        headers: { "content-type": "application/json", ...(cookie && { cookie }) },
        body: JSON.stringify({ title: `Change ${count}`, description }),
      });
      expect(response.status).toBe(200);
    },
  };
}

async function isInOrder({ change, received }: Stand): Promise<boolean> {
  for (let each = 0; each < 30; each += 1) await change();
  await until("the last event", () => received.at(-1)?.seq === 39, 10_000);
  return received.every(({ seq }, index) => seq === 10 + index);
}

async function throughCuts({ change, received, tap }: Stand) {
  for (let each = 0; each < 3; each += 1) {
    await change();
    tap.apply({ target: "everyone", fault: { kind: "cut" } });
    await change();
  }
  const seqs = () => received.map(({ seq }) => seq);
  // Not until all have come, but for as long as that could take: a lost one never comes.
  await until("the last event", () => seqs().includes(15), 15_000).catch(() => {});
  return {
    isComplete: [10, 11, 12, 13, 14, 15].every((seq) => seqs().includes(seq)),
    isOnce: new Set(seqs()).size === received.length,
  };
}

async function isAtOnce({ change, received }: Stand): Promise<boolean> {
  let quick = 0;
  let slow = 0;
  // Most of five: when three agree, the others need not be asked.
  while (quick < 3 && slow < 3) {
    const each = quick + slow + 1;
    // Not in step with a client that asks at intervals.
    await new Promise((resolve) => setTimeout(resolve, 137 * each));
    const start = performance.now();
    await change();
    await until("the event", () => received.length === each, 10_000);
    if (performance.now() - start < 500) quick += 1;
    else slow += 1;
  }
  return quick === 3;
}

async function isBounded({ change, tap }: Stand): Promise<boolean> {
  const before = await memoryAfterCollection();
  tap.apply({ target: "everyone", way: "down", fault: { kind: "freeze" } });
  for (let each = 0; each < 1_200; each += 1) await change("x".repeat(9_900)); // 12 MB in all
  return (await memoryAfterCollection()) - before < 6_000_000;
}
