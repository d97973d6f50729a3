import { once } from "node:events";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { countConnections, countTimers, heapAfterCollection } from "../../shared/testing/leaks.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import type { SocketSettings } from "../04-websockets/socket-server.ts";
import { createApp } from "./app.ts";
import type { ServerMessage } from "./messages.ts";

async function startApp(socketSettings: SocketSettings = {}) {
  const { database, boards } = demoBoard();
  const app = createApp({ database, socketSettings: { closeTimeoutMs: 300, ...socketSettings } });
  const server = await startServer(app, { graceMs: 1_000 });
  const rename = (name: string, boardId = "board-1") =>
    app.sockets.publish(
      accepted(boards.renameBoard(boardId === "board-2" ? "carol" : "alice", boardId, { name })),
    );
  return { app, boards, server, rename, epoch: snapshotOf(boards).board.epoch };
}

async function openClient(port: number, user: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws?user=${user}`, { perMessageDeflate: false });
  onTestFinished(() => socket.terminate());
  const messages: ServerMessage[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  await once(socket, "open");
  const of = <Type extends ServerMessage["type"]>(type: Type) =>
    messages.filter((message): message is Extract<ServerMessage, { type: Type }> => message.type === type);
  const say = (message: object) => socket.send(JSON.stringify(message));
  const join = async (boardId = "board-1", options: object = {}) => {
    const before = of("joined").length;
    say({ type: "join", boardId, ...options });
    await until("the answer", () => of("joined").length > before);
  };
  /** Everything that was sent to it before has arrived. */
  const settle = async () => {
    const before = of("pong").length;
    say({ type: "ping" });
    await until("the pong", () => of("pong").length > before);
  };
  return { socket, messages, of, say, join, settle };
}

const seqs = (events: readonly { event: { seq: number } }[]) => events.map(({ event }) => event.seq);

describe("a room", () => {
  test("whoever joins is told who is there, and the others are told who has come", async () => {
    const { server } = await startApp();
    const alice = await openClient(server.port, "alice");
    await alice.join();
    const bob = await openClient(server.port, "bob");
    await bob.join();
    await until("the news", () => alice.of("user_joined").length === 1);
    expect(alice.of("user_joined")).toEqual([{ type: "user_joined", boardId: "board-1", userId: "bob" }]);
    expect(bob.of("joined")[0]).toMatchObject({ users: ["alice", "bob"] });
    await bob.settle();
    expect(bob.of("user_joined")).toEqual([]); // his own coming is no news to him
  });

  test("a second tab is no second person, and closing one of two is no leaving", async () => {
    const { server } = await startApp();
    const alice = await openClient(server.port, "alice");
    await alice.join();
    const tabs = [await openClient(server.port, "bob"), await openClient(server.port, "bob")];
    for (const tab of tabs) await tab.join();
    tabs[0]?.socket.close();
    await once(tabs[0]?.socket as WebSocket, "close");
    await alice.settle();
    expect([alice.of("user_joined").length, alice.of("user_left").length]).toEqual([1, 0]);
    tabs[1]?.socket.terminate(); // without a goodbye
    await until("the news", () => alice.of("user_left").length === 1);
    expect(alice.of("user_left")[0]).toEqual({ type: "user_left", boardId: "board-1", userId: "bob" });
  });

  test("a socket follows several boards, and leaves them one by one", async () => {
    const { server, rename, app } = await startApp();
    const carol = await openClient(server.port, "carol");
    await carol.join("board-1");
    await carol.join("board-2");
    rename("One");
    rename("Two", "board-2");
    await until("both", () => carol.of("event").length === 2);
    carol.say({ type: "leave", boardId: "board-1" });
    await until("the answer", () => carol.of("left").length === 1);
    rename("Unheard of");
    rename("Three", "board-2");
    await until("the third", () => carol.of("event").length === 3);
    expect(carol.of("event").map(({ event }) => event.boardId)).toEqual(["board-1", "board-2", "board-2"]);
    expect(app.sockets.roomCount).toBe(2); // board-2's and her own
  });

  test("history on join: the last events, or those after a cursor, or none", async () => {
    const { server, epoch } = await startApp();
    const client = await openClient(server.port, "bob");
    await client.join("board-1", { history: 3 });
    await client.settle();
    expect(seqs(client.of("event"))).toEqual([7, 8, 9]);
    await client.join("board-1", { after: `${epoch}:8` });
    await client.settle();
    expect(seqs(client.of("event"))).toEqual([7, 8, 9, 9]);
    await client.join("board-1");
    await client.settle();
    expect(client.of("event")).toHaveLength(4);
    await client.join("board-1", { after: "ffffffffffff:3" });
    await until("the reset", () => client.of("reset").length === 1);
  });

  test("what is meant for one person reaches all of that person's sockets, and nobody else's", async () => {
    const { server } = await startApp();
    const bobs = [await openClient(server.port, "bob"), await openClient(server.port, "bob")];
    const alice = await openClient(server.port, "alice");
    await fetch(`${server.url}/tasks`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-user": "alice" },
      body: JSON.stringify({ listId: "list-todo", title: "For Bob", assigneeId: "bob" }),
    });
    for (const bob of bobs) await until("the word", () => bob.of("assigned").length === 1);
    expect(bobs[0]?.of("assigned")[0]?.task.title).toBe("For Bob");
    await alice.settle();
    expect(alice.of("assigned")).toEqual([]);
  });

  test("a socket in one room never hears another room's events, whatever happens in whatever order", async () => {
    const { server, rename } = await startApp({ maxMessagesPerSecond: 10_000 });
    const clients = await Promise.all(["alice", "bob", "carol"].map((user) => openClient(server.port, user)));
    const step = fc.record({
      client: fc.integer({ min: 0, max: 2 }),
      boardId: fc.constantFrom("board-1", "board-2"),
      do: fc.constantFrom("join", "leave", "change"),
    });
    const where = clients.map(() => new Set<string>());
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        for (const { client: index, boardId, do: what } of steps) {
          const client = clients[index] as (typeof clients)[number];
          if (what === "change") {
            for (const each of clients) each.messages.length = 0;
            rename("x", boardId);
            for (const each of clients) await each.settle();
            clients.forEach((each, at) => {
              const heard = each.of("event").map(({ event }) => event.boardId);
              expect(heard).toEqual(where[at]?.has(boardId) ? [boardId] : []);
            });
          } else {
            client.say({ type: what, boardId });
            await client.settle();
            if (what === "join") where[index]?.add(boardId);
            else where[index]?.delete(boardId);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("a thousand sockets in rooms that end in every way leave no room and nothing else behind", async () => {
    const { app, server } = await startApp();
    const round = async (count: number) => {
      const sockets = Array.from({ length: count }, (_, index) => {
        const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws?user=user-${index}`);
        socket.on("error", () => {});
        socket.once("message", () => socket.send('{"type":"join","boardId":"board-1","history":1}'));
        return socket;
      });
      await until("all to be in", () => app.sockets.roomCount === count + 1, 20_000);
      sockets.forEach((socket, index) => {
        if (index % 3 === 0) socket.close();
        else socket.terminate();
      });
      await until("all to be gone", () => app.sockets.size === 0, 20_000);
      await until(
        "all connections to be gone",
        async () => (await countConnections(server.node)) === 0,
        20_000,
      );
      expect([app.sockets.roomCount, app.sockets.boardCount]).toEqual([0, 0]);
    };
    await round(50); // what is loaded and compiled once
    const timersBefore = countTimers();
    const heapBefore = await heapAfterCollection();
    await round(200); // each coming is told to all who are there: the square of it
    await round(200);
    await round(200);
    await round(200);
    await round(200);
    await until("the timers to be gone", () => countTimers() <= timersBefore);
    expect((await heapAfterCollection()) - heapBefore).toBeLessThan(4_000_000);
  }, 60_000);
});
