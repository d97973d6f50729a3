import { describe, expect, test, vi } from "vitest";
import type { BoardEvent } from "../../shared/events.ts";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { askForSocket } from "../../shared/testing/sign-in.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";
import { createBoardBus } from "./board-topics.ts";
import type { Trouble } from "./event-bus.ts";
import { addTasks, addTasksPublishingFirst } from "./publish-first.ts";

function demoApp() {
  const { database, boards } = demoBoard();
  const troubles: Trouble[] = [];
  const lines: string[] = [];
  const bus = createBoardBus({ onTrouble: (trouble) => troubles.push(trouble) });
  const app = createApp({ database, bus, log: (line) => lines.push(line) });
  const cookieOf = (userId: string) => `session=${app.auth.sessions.create(userId).token}`;
  const as = (userId: string, method: string, path: string, body?: object) =>
    app.request(path, { method, ...(body && { body }), headers: { cookie: cookieOf(userId) } });
  return { app, bus, boards, database, troubles, lines, cookieOf, as };
}

describe("consumers", () => {
  test("one more is one line, and no route knows of it", async () => {
    const { as, bus } = demoApp();
    const heard: string[] = [];
    bus.subscribe("board:board-1", "mine", ({ type, seq }) => void heard.push(`${seq} ${type}`));
    await as("bob", "POST", "/tasks", { listId: "list-todo", title: "Order the cake" });
    await as("bob", "PATCH", "/tasks/task-1", { title: "Renamed" });
    await as("alice", "POST", "/boards/board-1/members", { userId: "carol" });
    await as("bob", "DELETE", "/tasks/task-2");
    expect(heard).toEqual(["10 task_created", "11 task_updated", "12 member_added", "13 task_deleted"]);
  });

  test("one that throws or hangs holds up no change and no other consumer", async () => {
    const { app, as, bus, troubles, cookieOf } = demoApp();
    bus.subscribe("board:*", "throws", () => {
      throw new Error("broken");
    });
    bus.subscribe("board:*", "hangs", () => new Promise(() => {}));
    const { url } = await startServer(app);
    const socket = await askForSocket(url, { cookie: cookieOf("bob"), origin: url });
    socket.say({ type: "join", boardId: "board-1" });
    await until("the join", () => socket.of("joined").length === 1);
    for (const title of ["One", "Two"]) {
      expect((await as("alice", "PATCH", "/tasks/task-1", { title })).status).toBe(200);
    }
    await until("the events", () => socket.of("event").length === 2);
    expect(troubles.map(({ kind }) => kind)).toEqual(["threw", "threw"]);
  });

  test("a removed member's socket hears nothing of the removal: permissions come first", async () => {
    const { app, as, cookieOf } = demoApp();
    const { url } = await startServer(app);
    const socket = await askForSocket(url, { cookie: cookieOf("bob"), origin: url });
    socket.say({ type: "join", boardId: "board-1" });
    await until("the join", () => socket.of("joined").length === 1);
    await as("alice", "DELETE", "/boards/board-1/members/bob");
    await until("the close", () => socket.closed.code);
    expect([socket.closed.code, socket.of("event")]).toEqual([4403, []]);
  });

  test("every event is a line in the log, and every refusal is none", async () => {
    const { as, lines } = demoApp();
    await as("bob", "PATCH", "/tasks/task-1", { title: "Renamed" });
    await as("carol", "PATCH", "/tasks/task-1", { title: "Not hers" });
    expect(lines).toEqual([
      "board-1 10 task_updated bob",
      "PATCH /tasks/task-1 200 bob",
      "PATCH /tasks/task-1 404 carol",
    ]);
  });

  test("a repeated command is published once", async () => {
    const { app, bus, cookieOf } = demoApp();
    const heard: BoardEvent[] = [];
    bus.subscribe("board:*", "mine", (event) => void heard.push(event));
    const headers = { cookie: cookieOf("bob"), "idempotency-key": "0123456789abcdef" };
    for (let each = 0; each < 3; each += 1) {
      await app.request("/tasks", { method: "POST", body: { listId: "list-todo", title: "Once" }, headers });
    }
    expect(heard).toHaveLength(1);
  });

  test("admins see how much happens where, and to others there is no such route", async () => {
    const { as } = demoApp();
    await as("bob", "PATCH", "/tasks/task-1", { title: "Renamed" });
    await as("bob", "PATCH", "/tasks/task-2", { title: "Renamed too" });
    await as("bob", "DELETE", "/tasks/task-3");
    const { since, boards } = await (await as("alice", "GET", "/admin/event-counts")).json();
    expect(boards).toEqual({ "board-1": { task_updated: 2, task_deleted: 1 } });
    expect(Date.now() - Date.parse(since)).toBeLessThan(60_000);
    const refused = await as("bob", "GET", "/admin/event-counts");
    expect([refused.status, await refused.json()]).toEqual([
      404,
      { error: { code: "not_found", message: "There is no such route." } },
    ]);
  });
});

describe("published inside the transaction", () => {
  const tasks = [
    { id: "cake", title: "Order the cake" },
    { id: "task-1", title: "This id is taken" },
  ];

  test("an event goes out that never happened; published afterwards, none does", () => {
    for (const [add, expected] of [
      [addTasksPublishingFirst, ["cake"]],
      [addTasks, []],
    ] as const) {
      const { database, boards } = demoBoard();
      const heard: string[] = [];
      const refused = add(database, boards, tasks, (event) => {
        if (event.type === "task_created") heard.push(event.data.task.id);
      });
      expect(refused).toMatchObject({ code: "exists" });
      expect(heard).toEqual(expected);
      expect(snapshotOf(boards).tasks.some(({ id }) => id === "cake")).toBe(false);
    }
  });

  test("and whoever looks into the log on hearing of it finds nothing there yet, from another connection", () => {
    const { database, boards } = demoBoard();
    const seen: number[] = [];
    addTasks(database, boards, tasks.slice(0, 1), ({ boardId, seq }) => {
      seen.push(accepted(boards.head(boardId)).seq - seq);
    });
    expect(seen).toEqual([0]);
  });
});

test("trouble is printed when nobody listens to it", async () => {
  const print = vi.spyOn(console, "error").mockImplementation(() => {});
  const bus = createBoardBus();
  bus.subscribe("board:*", "mine", () => {
    throw new Error("broken");
  });
  const { database } = demoBoard();
  const app = createApp({ database, bus });
  const cookie = `session=${app.auth.sessions.create("bob").token}`;
  await app.request("/tasks/task-1", { method: "DELETE", headers: { cookie } });
  expect(print.mock.calls[0]?.[0]).toBe('The subscriber "mine" has thrown:');
  print.mockRestore();
});
