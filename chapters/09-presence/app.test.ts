import { describe, expect, test } from "vitest";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { openRawSocket, rawFrame } from "../../shared/testing/raw-socket.ts";
import { openRawStream } from "../../shared/testing/raw-stream.ts";
import { askForSocket, type TestSocket } from "../../shared/testing/sign-in.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { type AppOptions, createApp } from "./app.ts";
import { applySignal, NOBODY } from "./people.ts";

async function startBoard(options: Partial<AppOptions> = {}) {
  const { database, boards } = demoBoard();
  const app = createApp({
    database,
    presenceSettings: { graceMs: 150, leaseMs: 600, typingMs: 200 },
    socketSettings: { heartbeatMs: 200, closeTimeoutMs: 100 },
    ...options,
  });
  const { url, port } = await startServer(app, { graceMs: 100 });
  const cookieOf = (userId: string) => `session=${app.auth.sessions.create(userId).token}`;
  const cookies = { alice: cookieOf("alice"), bob: cookieOf("bob"), carol: cookieOf("carol") };
  const join = async (userId: keyof typeof cookies) => {
    const socket = await askForSocket(url, { cookie: cookies[userId], origin: url });
    socket.say({ type: "join", boardId: "board-1" });
    await until("the join", () => socket.of("joined").length === 1);
    return socket;
  };
  const request = async (userId: keyof typeof cookies, method: string, path: string, body?: object) => {
    const response = await app.request(path, {
      method,
      headers: { cookie: cookies[userId] },
      ...(body && { body }),
    });
    const text = await response.text();
    return { status: response.status, body: text && JSON.parse(text) };
  };
  return { app, boards, url, port, cookies, join, request };
}

/** What a socket has been told about others, in short. */
const signals = (socket: TestSocket) =>
  socket.messages
    .filter(({ type }) => /^user_/.test(type))
    .map(({ type, userId, taskId }) => [type, userId, taskId].filter(Boolean).join(" "));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("who is here, by socket", () => {
  test("whoever joins is told who is there; the others that somebody has come, and gone after the grace", async () => {
    const { join } = await startBoard();
    const alice = await join("alice");
    const bob = await join("bob");
    expect(bob.of("presence")).toEqual([
      { type: "presence", boardId: "board-1", users: ["alice", "bob"], typing: [] },
    ]);
    expect(bob.of("joined")[0].users).toEqual(["alice", "bob"]);
    await until("the news", () => signals(alice).length === 1);
    bob.socket.terminate();
    await until("the other news", () => signals(alice).length === 2);
    expect([signals(alice), signals(bob)]).toEqual([["user_joined bob", "user_left bob"], []]);
  });

  test("a reload is no leave", async () => {
    const { join, app } = await startBoard({ presenceSettings: { graceMs: 1_000, leaseMs: 60_000 } });
    const alice = await join("alice");
    const bob = await join("bob");
    await until("the news", () => signals(alice).length === 1);
    bob.socket.close(1001);
    await join("bob");
    await pause(1_300);
    expect([signals(alice), app.people.users("board-1")]).toEqual([["user_joined bob"], ["alice", "bob"]]);
  });

  test("who says goodbye is gone at once, and so is who is shown out or signs out", async () => {
    const { join, request } = await startBoard({ presenceSettings: { graceMs: 60_000, leaseMs: 60_000 } });
    const alice = await join("alice");
    const bob = await join("bob");
    bob.say({ type: "leave", boardId: "board-1" });
    await until("the goodbye", () => signals(alice).at(-1) === "user_left bob");
    bob.say({ type: "join", boardId: "board-1" });
    await until("the return", () => signals(alice).at(-1) === "user_joined bob");
    await request("bob", "DELETE", "/session");
    await until("the sign-out", () => signals(alice).filter((each) => each === "user_left bob").length === 2);
  });

  test("a removed member is gone at once, also where they are by lease", async () => {
    const { join, request, app } = await startBoard({
      presenceSettings: { graceMs: 60_000, leaseMs: 60_000 },
    });
    const alice = await join("alice");
    await join("bob");
    await request("bob", "PUT", "/boards/board-1/presence/a-lease-of-bob");
    await request("alice", "DELETE", "/boards/board-1/members/bob");
    await until("the news", () => signals(alice).at(-1) === "user_left bob");
    expect(app.people.users("board-1")).toEqual(["alice"]);
    expect((await request("bob", "PUT", "/boards/board-1/presence/a-lease-of-bob")).status).toBe(404);
  });

  test("a removed member who answers a ping afterwards does not come back by it", async () => {
    const { join, port, cookies, url, request, app } = await startBoard({
      socketSettings: { heartbeatMs: 100, closeTimeoutMs: 2_000 },
      presenceSettings: { graceMs: 60_000, leaseMs: 60_000 },
    });
    await join("alice");
    const raw = openRawSocket(port, { cookie: cookies.bob, origin: url });
    raw.tcp.write(rawFrame({ payload: '{"type":"join","boardId":"board-1"}' }));
    await until("Bob", () => app.people.users("board-1").includes("bob"));
    await request("bob", "PUT", "/boards/board-1/presence/a-lease-of-bob", { typing: {} });
    await request("alice", "DELETE", "/boards/board-1/members/bob");
    raw.tcp.write(rawFrame({ opcode: 10 }));
    await pause(100);
    const { users, typing } = app.people.read("board-1");
    expect([users, typing]).toEqual([["alice"], []]);
  });

  test("a socket that vanishes without a word is gone within its lease", async () => {
    const { join, port, cookies, url } = await startBoard({
      // The ping finds it too. Here only the lease can.
      socketSettings: { heartbeatMs: 60_000 },
    });
    const alice = await join("alice");
    const raw = openRawSocket(port, { cookie: cookies.bob, origin: url });
    raw.tcp.write(rawFrame({ payload: '{"type":"join","boardId":"board-1"}' }));
    await until("the news", () => signals(alice).includes("user_joined bob"));
    const start = performance.now();
    await until("the leave", () => signals(alice).includes("user_left bob"));
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  test("a quiet socket that answers its pings stays", async () => {
    const { join, app } = await startBoard({ presenceSettings: { leaseMs: 1_500 } });
    await join("alice");
    await pause(2_500);
    expect(app.people.users("board-1")).toEqual(["alice"]);
  });

  test("a socket on several boards is on each of them, and nothing of it stays behind", async () => {
    const { join, app, request } = await startBoard();
    await request("alice", "POST", "/boards/board-1/members", { userId: "carol" });
    const carol = await join("carol");
    carol.say({ type: "join", boardId: "board-2" });
    await until("both", () => carol.of("joined").length === 2);
    expect([app.people.users("board-1"), app.people.users("board-2")]).toEqual([["carol"], ["carol"]]);
    carol.socket.terminate();
    await until("nobody", () => app.people.size === 0);
  });
});

test("who is on another server is not seen", async () => {
  const { database } = demoBoard();
  const [here, there] = [createApp({ database }), createApp({ database })];
  const cookie = `session=${here.auth.sessions.create("bob").token}`;
  await here.request("/boards/board-1/presence/a-lease-of-bob", { method: "PUT", headers: { cookie } });
  expect([here.people.users("board-1"), there.people.users("board-1")]).toEqual([["bob"], []]);
  here.close();
  there.close();
});

describe("typing", () => {
  test("is told to others with its task, once, and ends by itself", async () => {
    const { join } = await startBoard();
    const [alice, bob] = [await join("alice"), await join("bob")];
    for (let each = 0; each < 3; each += 1) bob.say({ type: "typing", boardId: "board-1", taskId: "task-1" });
    await until("the end", () => signals(alice).includes("user_stopped_typing bob task-1"));
    expect(signals(alice)).toEqual([
      "user_joined bob",
      "user_typing bob task-1",
      "user_stopped_typing bob task-1",
    ]);
  });

  test("stops with the word, and with the connection: at once, although its user is still here", async () => {
    const { join, app } = await startBoard({
      presenceSettings: { typingMs: 60_000, graceMs: 60_000, leaseMs: 60_000 },
    });
    const [alice, bob] = [await join("alice"), await join("bob")];
    bob.say({ type: "typing", boardId: "board-1" });
    bob.say({ type: "stop_typing", boardId: "board-1" });
    await until("the word", () => signals(alice).at(-1) === "user_stopped_typing bob");
    bob.say({ type: "typing", boardId: "board-1" });
    await until("the typing", () => signals(alice).at(-1) === "user_typing bob");
    bob.socket.terminate();
    await until("the end", () => signals(alice).at(-1) === "user_stopped_typing bob");
    expect(app.people.users("board-1")).toEqual(["alice", "bob"]);
  });

  test("is in the answer to whoever comes while it goes on", async () => {
    const { join } = await startBoard({ presenceSettings: { typingMs: 60_000 } });
    const bob = await join("bob");
    bob.say({ type: "typing", boardId: "board-1", taskId: "task-2" });
    bob.say({ type: "ping" });
    await until("the pong", () => bob.of("pong").length === 1);
    const alice = await join("alice");
    expect(alice.of("presence")[0].typing).toEqual([{ userId: "bob", taskId: "task-2" }]);
  });

  test("on a board that is not followed is nobody's business", async () => {
    const { join, app } = await startBoard();
    const alice = await join("alice");
    alice.say({ type: "typing", boardId: "board-2" });
    alice.say({ type: "ping" });
    await until("the pong", () => alice.of("pong").length === 1);
    expect(app.people.read("board-2").typing).toEqual([]);
  });
});

describe("clients without a socket", () => {
  test("are there by lease, for as long as they renew it", async () => {
    const { join, request, app } = await startBoard({ presenceSettings: { leaseMs: 1_500 } });
    const alice = await join("alice");
    const put = (body?: object) => request("bob", "PUT", "/boards/board-1/presence/a-lease-of-bob", body);
    expect(await put()).toEqual({ status: 200, body: { users: ["alice", "bob"], typing: [] } });
    for (let each = 0; each < 4; each += 1) {
      await pause(500);
      await put();
    }
    expect(signals(alice)).toEqual(["user_joined bob"]);
    await until("the end of the lease", () => signals(alice).at(-1) === "user_left bob");
    expect((await request("alice", "GET", "/boards/board-1/presence")).body.users).toEqual(["alice"]);
    await put({ typing: { taskId: "task-1" } });
    expect(app.people.read("board-1").typing).toEqual([{ userId: "bob", taskId: "task-1" }]);
    await put();
    expect(app.people.read("board-1").typing).toEqual([]);
    expect((await request("bob", "DELETE", "/boards/board-1/presence/a-lease-of-bob")).status).toBe(204);
    await until("the goodbye", () => signals(alice).at(-1) === "user_left bob");
  });

  test("cannot end or prolong what is somebody else's, nor see a board that is not theirs", async () => {
    const { request, app } = await startBoard();
    await request("bob", "PUT", "/boards/board-1/presence/a-lease-of-bob");
    await request("alice", "DELETE", "/boards/board-1/presence/a-lease-of-bob");
    expect(app.people.users("board-1")).toEqual(["bob"]);
    for (const [method, path] of [
      ["GET", "/boards/board-1/presence"],
      ["PUT", "/boards/board-1/presence/a-lease-of-carol"],
    ] as const) {
      expect((await request("carol", method, path)).status).toBe(404);
    }
    expect((await request("bob", "PUT", "/boards/board-1/presence/short")).status).toBe(400);
  });

  test("on a stream hear the signals, without ids: they are in no log", async () => {
    const { port, cookies, join, boards } = await startBoard();
    const stream = openRawStream(port, "/boards/board-1/events", {
      Host: `127.0.0.1:${port}`,
      cookie: cookies.alice,
    });
    await until("the stream", () => stream.head);
    const bob = await join("bob");
    bob.say({ type: "typing", boardId: "board-1" });
    await until("the signals", () => stream.events.length === 2);
    expect(stream.events.map(({ id, event }) => [id, event])).toEqual([
      [undefined, "user_joined"],
      [undefined, "user_typing"],
    ]);
    expect(snapshotOf(boards).seq).toBe(9);
  });
});

describe("a slow reader", () => {
  test("gets what is meant for it alone", async () => {
    const { port, cookies, url, app, boards, request } = await startBoard({
      socketSettings: { heartbeatMs: 60_000, maxStallMs: 20_000, maxBacklogBytes: 32_000_000 },
    });
    const raw = openRawSocket(port, { cookie: cookies.bob, origin: url });
    raw.tcp.write(rawFrame({ payload: '{"type":"join","boardId":"board-1"}' }));
    await until("the join", () => raw.texts.some((text) => text.includes('"joined"')));
    raw.tcp.pause();
    for (let each = 0; each < 800; each += 1) {
      const change = { title: `Change ${each}`, description: "x".repeat(9_900) };
      app.bus.announce(accepted(boards.updateTask("alice", "task-2", change)));
    }
    await request("alice", "PATCH", "/tasks/task-1", { assigneeId: "bob" });
    raw.tcp.resume();
    await until("the word", () => raw.texts.some((text) => text.includes('"assigned"')), 15_000);
  });

  test("gets every event and does without signals; when it has caught up, it is told how things are", async () => {
    const { port, cookies, url, join, app, boards } = await startBoard({
      socketSettings: { heartbeatMs: 60_000, maxStallMs: 20_000, maxBacklogBytes: 32_000_000 },
      presenceSettings: { graceMs: 50, leaseMs: 60_000 },
    });
    const raw = openRawSocket(port, { cookie: cookies.bob, origin: url });
    raw.tcp.write(rawFrame({ payload: '{"type":"join","boardId":"board-1"}' }));
    await until("the join", () => raw.texts.some((text) => text.includes('"joined"')));
    raw.tcp.pause();
    const before = raw.texts.length;
    // More than the system keeps for a connection: 8 MB.
    for (let each = 0; each < 800; each += 1) {
      const change = { title: `Change ${each}`, description: "x".repeat(9_900) };
      app.bus.announce(accepted(boards.updateTask("alice", "task-1", change)));
    }
    const alice = await join("alice");
    for (let each = 0; each < 200; each += 1) {
      app.people.type("board-1", `c-${each}`, `user-${each}`, "task-1");
    }
    raw.tcp.resume();
    await until(
      "all events",
      () => raw.texts.filter((text) => text.includes('"event"')).length === 800,
      10_000,
    );
    await until("how things are", () => raw.texts.slice(before).some((text) => text.includes('"presence"')));
    const missed = raw.texts.slice(before).filter((text) => text.includes('"user_typing"')).length;
    expect(missed).toBe(0);
    alice.socket.terminate();
  });
});

test("a client's picture of the others follows from the signals", () => {
  const apply = (messages: object[]) =>
    messages.reduce((people, each) => applySignal(people as never, each as never), NOBODY);
  const board = { boardId: "board-1" };
  expect(
    apply([
      { type: "presence", ...board, users: ["alice"], typing: [] },
      { type: "user_joined", ...board, userId: "carol" },
      { type: "user_joined", ...board, userId: "bob" },
      { type: "user_joined", ...board, userId: "bob" },
      { type: "user_typing", ...board, userId: "bob", taskId: "task-1" },
      { type: "user_typing", ...board, userId: "bob", taskId: "task-1" },
      { type: "user_typing", ...board, userId: "carol" },
      { type: "user_stopped_typing", ...board, userId: "bob", taskId: "task-1" },
      { type: "event", id: "e:1", event: {} },
    ]),
  ).toEqual({ users: ["alice", "bob", "carol"], typing: [{ userId: "carol" }] });
  expect(
    apply([
      { type: "presence", ...board, users: ["alice", "bob"], typing: [{ userId: "bob" }] },
      { type: "user_left", ...board, userId: "bob" },
    ]),
  ).toEqual({ users: ["alice"], typing: [] });
});
