import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { type WebSocket as ServerSocket, WebSocket, WebSocketServer } from "ws";
import { until } from "../../shared/testing/until.ts";
import { createBoardSocket } from "./board-socket.ts";

/** A client, and a server that says and leaves out what the test wants. */
async function start() {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const joins: string[] = [];
  let socket: ServerSocket | undefined;
  server.on("connection", (connection) => {
    socket = connection;
    connection.on("message", (data) => joins.push(JSON.parse(String(data)).after));
  });
  const said: string[] = [];
  const seqs: number[] = [];
  const client = createBoardSocket({
    boardId: "board-1",
    cursor: { epoch: "e", seq: 9 },
    address: async () => `ws://127.0.0.1:${port}`,
    WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
    onEvent: ({ seq }) => seqs.push(seq),
    onOpen: () => said.push("open"),
    onLive: () => said.push("live"),
    onHeartbeat: () => said.push("beat"),
    onAnswer: () => said.push("answer"),
    onAway: () => said.push("away"),
    onReset: () => said.push("reset"),
    onEnd: (reason) => said.push(`end: ${reason}`),
  });
  onTestFinished(() => {
    client.stop();
    for (const each of server.clients) each.terminate();
    server.close();
  });
  await until("the first join", () => joins.length === 1);
  const says = (message: object) => socket?.send(JSON.stringify(message));
  return {
    joins,
    said,
    seqs,
    says,
    event: (seq: number) => says({ type: "event", id: `e:${seq}`, event: { seq } }),
    /** And waits until the client has heard it. */
    beat: async (heads: Record<string, number>) => {
      const before = said.filter((each) => each === "beat").length;
      says({ type: "heartbeat", everyMs: 60_000, heads });
      await until("the heartbeat", () => said.filter((each) => each === "beat").length > before);
    },
  };
}

describe("what gets lost on a living connection", () => {
  test("a join: at the second heartbeat without the board it is sent again", async () => {
    const { joins, beat } = await start();
    await beat({});
    expect(joins).toEqual(["e:9"]);
    await beat({});
    await until("the second join", () => joins.length === 2);
    expect(joins).toEqual(["e:9", "e:9"]);
  });

  test("the answer to a join: a heartbeat with the board is one", async () => {
    const { said, beat, joins } = await start();
    await beat({ "board-1": 9 });
    await until("the word", () => said.includes("live"));
    expect([[...said].sort(), joins.length]).toEqual([["beat", "live", "open"], 1]);
  });

  test("the last event: what the log had one heartbeat ago and has not come yet is asked for", async () => {
    const { joins, beat, says } = await start();
    says({ type: "joined", boardId: "board-1", seq: 9, users: [] });
    await beat({ "board-1": 10 });
    expect(joins).toHaveLength(1); // it may be on its way
    await beat({ "board-1": 10 });
    await until("the second join", () => joins.length === 2);
    expect(joins[1]).toBe("e:9");
  });

  test("an event in the middle: one join, however many come behind it", async () => {
    const { joins, event, says, seqs, beat } = await start();
    says({ type: "joined", boardId: "board-1", seq: 9, users: [] });
    for (const seq of [10, 12, 13, 14]) event(seq);
    await until("the second join", () => joins.length === 2);
    await beat({ "board-1": 14 });
    expect([joins, seqs]).toEqual([["e:9", "e:10"], [10]]);
    says({ type: "joined", boardId: "board-1", seq: 10, users: [] });
    for (const seq of [11, 12, 13, 14]) event(seq);
    await until("all", () => seqs.length === 5);
    expect(seqs).toEqual([10, 11, 12, 13, 14]);
  });

  test("what comes twice is handed over once", async () => {
    const { event, says, seqs, beat } = await start();
    says({ type: "joined", boardId: "board-1", seq: 9, users: [] });
    for (const seq of [10, 10, 11, 10, 11, 12]) event(seq);
    await beat({ "board-1": 12 });
    expect(seqs).toEqual([10, 11, 12]);
  });
});

describe("the end", () => {
  test("a reset and an error end it, once, and nothing is heard after them", async () => {
    for (const [message, expected] of [
      [{ type: "reset", boardId: "board-1", reason: "gone", seq: 20 }, "reset"],
      [
        { type: "error", code: "not_found", message: "There is no such board." },
        "end: There is no such board.",
      ],
    ] as const) {
      const { says, said, event, seqs } = await start();
      says(message);
      event(10);
      await until("the end", () => said.includes(expected));
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect([said.filter((each) => each === expected).length, said.includes("away"), seqs]).toEqual([
        1,
        false,
        [],
      ]);
    }
  });
});
