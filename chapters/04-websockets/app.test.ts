import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { countConnections, countTimers, heapAfterCollection } from "../../shared/testing/leaks.ts";
import { rawFrame } from "../../shared/testing/raw-socket.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";
import type { ServerMessage } from "./messages.ts";
import type { SocketSettings } from "./socket-server.ts";

async function startApp(socketSettings: SocketSettings = {}) {
  const { database, boards } = demoBoard();
  const app = createApp({ database, socketSettings: { closeTimeoutMs: 300, ...socketSettings } });
  const server = await startServer(app, { graceMs: 1_000 });
  const rename = (name: string, boardId = "board-1") => {
    app.sockets.publish(
      accepted(boards.renameBoard(boardId === "board-2" ? "carol" : "alice", boardId, { name })),
    );
  };
  return { app, boards, server, rename, epoch: snapshotOf(boards).board.epoch };
}

/** A client of `ws`, and all that it hears. */
async function openClient(port: number) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { perMessageDeflate: false });
  onTestFinished(() => socket.terminate());
  const messages: ServerMessage[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  await once(socket, "open");
  return {
    socket,
    messages,
    say: (message: object | string) =>
      socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    of: <Type extends ServerMessage["type"]>(type: Type) =>
      messages.filter((message): message is Extract<ServerMessage, { type: Type }> => message.type === type),
  };
}

const seqs = (events: readonly { event: { seq: number } }[]) => events.map(({ event }) => event.seq);

describe("a socket", () => {
  test("says first what it expects, and then everything about the board that was joined", async () => {
    const { server, rename, epoch } = await startApp();
    const client = await openClient(server.port);
    client.say({ type: "join", boardId: "board-1", after: `${epoch}:9` });
    await until("the answer", () => client.messages.length === 2);
    rename("New");
    await until("the event", () => client.messages.length === 3);
    expect(client.messages).toEqual([
      { type: "hello", maxMessageBytes: 65_536, maxMessagesPerSecond: 50 },
      { type: "joined", boardId: "board-1", seq: 9 },
      {
        type: "event",
        id: `${epoch}:10`,
        event: expect.objectContaining({ seq: 10, type: "board_renamed" }),
      },
    ]);
  });

  test("begins where the cursor ends, in order and once, and without a cursor at the head", async () => {
    const { server, rename, epoch } = await startApp();
    for (let each = 10; each <= 14; each += 1) rename(`Name ${each}`);
    const late = await openClient(server.port);
    late.say({ type: "join", boardId: "board-1", after: `${epoch}:11` });
    const fresh = await openClient(server.port);
    fresh.say({ type: "join", boardId: "board-1" });
    await until("both", () => late.of("joined").length + fresh.of("joined").length === 2);
    rename("Live");
    await until("the events", () => late.of("event").length === 4 && fresh.of("event").length === 1);
    expect(seqs(late.of("event"))).toEqual([12, 13, 14, 15]);
    expect(seqs(fresh.of("event"))).toEqual([15]);
  });

  test.each(["garbage", "ffffffffffff:9", "EPOCH:99"])(
    "a cursor that cannot be honoured is one reset: %s",
    async (after) => {
      const { server, epoch } = await startApp();
      const client = await openClient(server.port);
      client.say({ type: "join", boardId: "board-1", after: after.replace("EPOCH", epoch) });
      await until("the reset", () => client.of("reset").length === 1);
      expect(client.of("reset")[0]).toMatchObject({ boardId: "board-1", seq: 9 });
      expect(client.of("event")).toEqual([]);
    },
  );

  test("hears nothing of a board that it has left, or never joined", async () => {
    const { server, rename } = await startApp();
    const client = await openClient(server.port);
    client.say({ type: "join", boardId: "board-1" });
    await until("the answer", () => client.of("joined").length === 1);
    rename("Not for us", "board-2");
    client.say({ type: "leave", boardId: "board-1" });
    await until("the answer", () => client.of("left").length === 1);
    rename("Too late");
    client.say({ type: "ping" });
    await until("the pong", () => client.of("pong").length === 1);
    expect(client.of("event")).toEqual([]);
  });

  test("what is left or replaced in the middle of a replay ends there, and nothing comes twice", async () => {
    const { server, rename, epoch } = await startApp();
    for (let each = 10; each <= 40; each += 1) rename(`Name ${each}`);
    const client = await openClient(server.port);
    const say = (...messages: object[]) => {
      for (const message of messages) client.say(message);
    };
    const from = (seq: number) => ({ type: "join", boardId: "board-1", after: `${epoch}:${seq}` });
    say(from(0), { type: "leave", boardId: "board-1" }, { type: "ping" });
    await until("the pong", () => client.of("pong").length === 1);
    const left = client.messages.findIndex(({ type }) => type === "left");
    expect(client.messages.slice(left + 1).filter(({ type }) => type === "event")).toEqual([]);
    client.messages.length = 0;
    say(from(30), from(38), { type: "ping" });
    await until(
      "the pong and the events",
      () => client.of("pong").length === 1 && client.of("event").length >= 2,
    );
    const second = client.messages.findLastIndex(({ type }) => type === "joined");
    const after = client.messages.slice(second).filter((message) => message.type === "event");
    expect(seqs(after as { event: { seq: number } }[])).toEqual([39, 40]);
  });

  test("a database that cannot be read closes the socket that asked with 1011, and no other", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => report.mockRestore());
    const { database } = demoBoard();
    const app = createApp({ database, socketSettings: { closeTimeoutMs: 300 } });
    const server = await startServer(app);
    const [asking, other] = [await openClient(server.port), await openClient(server.port)];
    database.exec("ALTER TABLE boards RENAME TO gone");
    const closed = once(asking.socket, "close");
    asking.say({ type: "join", boardId: "board-1" });
    expect((await closed)[0]).toBe(1011);
    other.say({ type: "ping" });
    await until("the pong", () => other.of("pong").length === 1);
  });

  test.each([
    ["no JSON", "hello?", "This is no JSON."],
    ["an unknown type", { type: "fly" }, /^This is no message of this protocol: type: /],
    ["a missing field", { type: "join" }, /boardId/],
    ["a field too many", { type: "ping", extra: 1 }, /extra/],
    ["no such board", { type: "join", boardId: "board-9" }, "There is no such board."],
  ])("%s is answered with an error, and the socket goes on", async (_name, message, expected) => {
    const { server } = await startApp();
    const client = await openClient(server.port);
    client.say(message);
    await until("the error", () => client.of("error").length === 1);
    const [error] = client.of("error");
    if (typeof expected === "string") expect(error?.message).toBe(expected);
    else expect(error?.message).toMatch(expected);
    client.say({ type: "ping" });
    await until("the pong", () => client.of("pong").length === 1);
  });

  test("a server that stops closes its sockets with 1012, and waits for their answer", async () => {
    const { server, app } = await startApp();
    const client = await openClient(server.port);
    const closed = once(client.socket, "close");
    const start = performance.now();
    await server.close();
    expect((await closed)[0]).toBe(1012);
    expect(performance.now() - start).toBeLessThan(800);
    await until("the socket to be forgotten", () => app.sockets.size === 0);
  });

  test("a server that stops does not wait for a client that does not answer", async () => {
    const { server } = await startApp();
    const client = await openClient(server.port);
    client.socket.pause();
    const start = performance.now();
    await server.close();
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe("many sockets", () => {
  test("a client that stops reading costs a bounded amount of memory, and the others notice nothing", async () => {
    const { app, server, rename } = await startApp({ maxStallMs: 500 });
    const good = await openClient(server.port);
    good.say({ type: "join", boardId: "board-1" });
    const stuck = await openClient(server.port);
    stuck.say({ type: "join", boardId: "board-1" });
    await until("both", () => good.of("joined").length + stuck.of("joined").length === 2);
    stuck.socket.pause();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (let each = 1; each <= 300; each += 1) {
      rename("x".repeat(40_000)); // 12 MB in all
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      await until("the good client", () => good.of("event").length === each);
    }
    await until("the stuck one to be gone", () => app.sockets.size === 1, 5_000);
    expect(most).toBeLessThan(8_000_000);
    expect(good.of("event")).toHaveLength(300);
  });

  test("a thousand sockets that end in every way leave nothing behind", async () => {
    const { app, server } = await startApp({ heartbeatMs: 1_500 });
    const round = async (count: number) => {
      const sockets = Array.from({ length: count }, () => {
        const socket = connect(server.port, "127.0.0.1");
        socket.on("error", () => {}).on("data", () => {});
        socket.write(
          "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        );
        socket.write(rawFrame({ payload: '{"type":"join","boardId":"board-1"}' }));
        return socket;
      });
      await until("the sockets", () => app.sockets.size === count, 20_000);
      sockets.forEach((socket, index) => {
        if (index % 4 === 0)
          socket.end(); // FIN, without a close frame
        else if (index % 4 === 1)
          socket.resetAndDestroy(); // RST
        else if (index % 4 === 2) socket.destroy();
        // And the others have vanished: they are connected, and answer nothing.
      });
      await until("all to be forgotten", () => app.sockets.size === 0, 20_000);
      for (const socket of sockets) socket.destroy();
      await until(
        "all connections to be gone",
        async () => (await countConnections(server.node)) === 0,
        20_000,
      );
    };
    await round(50); // what is loaded and compiled once
    const timersBefore = countTimers();
    const heapBefore = await heapAfterCollection();
    await round(1_000);
    expect(app.sockets.boardCount).toBe(0);
    await until("the timers to be gone", () => countTimers() <= timersBefore);
    expect((await heapAfterCollection()) - heapBefore).toBeLessThan(4_000_000); // 4 kB a socket would be a leak
  }, 60_000);

  test("a socket that vanishes without a word is closed when it has not answered a ping", async () => {
    const { app, server } = await startApp({ heartbeatMs: 200 });
    const good = await openClient(server.port);
    const vanished = await openClient(server.port);
    vanished.socket.pause(); // it reads no more, and says nothing
    await until("it to be noticed", () => app.sockets.size === 1);
    await new Promise((resolve) => setTimeout(resolve, 500)); // two more pings, which are answered
    expect(good.socket.readyState).toBe(good.socket.OPEN);
    vanished.socket.resume();
    const [code] = await once(vanished.socket, "close");
    expect([1006, 4012]).toContain(code); // 4012, if the close frame got through before the connection was cut
  });
});
