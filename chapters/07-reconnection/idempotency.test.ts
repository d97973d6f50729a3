import { describe, expect, test, vi } from "vitest";
import { createBoards } from "../../shared/board.ts";
import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { accepted, demoBoard } from "../../shared/testing/demo-board.ts";
import { askForSocket } from "../../shared/testing/sign-in.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { temporaryFolder } from "../../shared/testing/temporary-folder.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";
import { createIdempotency } from "./idempotency.ts";

const KEY = "0123456789abcdef";

function demoApp(database = demoBoard().database) {
  const app = createApp({ database });
  const boards = createBoards(database);
  const cookieOf = (userId: string) => `session=${app.auth.sessions.create(userId).token}`;
  const cookies = { alice: cookieOf("alice"), bob: cookieOf("bob") };
  const send = async (
    method: string,
    path: string,
    { key, body, as = "bob" }: { key?: string; body?: object; as?: "alice" | "bob" },
  ) => {
    const response = await app.request(path, {
      method,
      ...(body && { body }),
      headers: { cookie: cookies[as], ...(key !== undefined && { "idempotency-key": key }) },
    });
    const text = await response.text();
    return { status: response.status, body: text && JSON.parse(text) };
  };
  /** What the log has after the seed. */
  const log = () => accepted(boards.eventsAfter("board-1", { seq: 9 }, 100)).events.map(({ type }) => type);
  return { app, boards, database, cookies, send, log };
}

const newTask = { listId: "list-todo", title: "Order the cake" };

describe("a command with a key", () => {
  test("is carried out once, and answered the same each time", async () => {
    const { send, log } = demoApp();
    const first = await send("POST", "/tasks", { key: KEY, body: newTask });
    expect(first.status).toBe(201);
    expect(await send("POST", "/tasks", { key: KEY, body: newTask })).toEqual(first);
    expect(log()).toEqual(["task_created"]);
  });

  test("whatever command it is, without a body or refused", async () => {
    const { send, log } = demoApp();
    const commands: [string, string, object | undefined, number][] = [
      ["PATCH", "/tasks/task-1", { title: "Another title" }, 200],
      ["PATCH", "/tasks/task-1/move", { listId: "list-done" }, 200],
      ["DELETE", "/tasks/task-2", undefined, 204],
      ["PATCH", "/tasks/task-2", { title: "Too late" }, 404],
      ["PATCH", "/tasks/task-1", { title: "Stale", version: 1 }, 409],
    ];
    for (const [index, [method, path, body, status]] of commands.entries()) {
      const options = { key: `${KEY}-${index}`, ...(body && { body }) };
      const first = await send(method, path, options);
      expect(first.status).toBe(status);
      expect(await send(method, path, options)).toEqual(first);
    }
    expect(log()).toEqual(["task_updated", "task_moved", "task_deleted"]);
  });

  test("the same key with another command is a 422, and changes nothing", async () => {
    const { send, log } = demoApp();
    await send("POST", "/tasks", { key: KEY, body: newTask });
    for (const [method, path, body] of [
      ["POST", "/tasks", { ...newTask, title: "Another cake" }],
      ["PATCH", "/tasks/task-1", { title: "Order the cake" }],
      ["DELETE", "/tasks/task-1", undefined],
    ] as const) {
      const { status, body: answer } = await send(method, path, { key: KEY, ...(body && { body }) });
      expect([status, answer.error.code]).toEqual([422, "key_reused"]);
    }
    expect(log()).toEqual(["task_created"]);
  });

  test("the order of a body's fields, and what the schema trims, make no other command", async () => {
    const { send, log } = demoApp();
    await send("POST", "/tasks", { key: KEY, body: { listId: "list-todo", title: "Cake" } });
    const again = await send("POST", "/tasks", { key: KEY, body: { title: " Cake ", listId: "list-todo" } });
    expect(again.status).toBe(201);
    expect(log()).toHaveLength(1);
  });

  test("two users can have the same key", async () => {
    const { send, log } = demoApp();
    const answers = [
      await send("POST", "/tasks", { key: KEY, body: newTask, as: "alice" }),
      await send("POST", "/tasks", { key: KEY, body: newTask, as: "bob" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[0]?.body.id).not.toBe(answers[1]?.body.id);
    expect(log()).toHaveLength(2);
  });

  test("without a key, every request counts", async () => {
    const { send, log } = demoApp();
    for (let each = 0; each < 3; each += 1) await send("POST", "/tasks", { body: newTask });
    expect(log()).toHaveLength(3);
  });

  test("sent twenty times at once, by request and by socket, it is carried out once and heard of once", async () => {
    const { app, cookies, log } = demoApp();
    const { url } = await startServer(app);
    const socket = await askForSocket(url, { cookie: cookies.bob, origin: url });
    socket.say({ type: "join", boardId: "board-1" });
    await until("the join", () => socket.of("joined").length === 1);
    const requests = Array.from({ length: 10 }, () =>
      fetch(`${url}/tasks`, {
        method: "POST",
        headers: { cookie: cookies.bob, "content-type": "application/json", "idempotency-key": KEY },
        body: JSON.stringify(newTask),
      }).then((response) => response.json()),
    );
    for (let each = 0; each < 10; each += 1) socket.say({ type: "create_task", key: KEY, task: newTask });
    const tasks = await Promise.all(requests);
    await until("the answers", () => socket.of("answer").length === 10);
    expect(new Set([...tasks, ...socket.of("answer").map(({ body }) => body)].map(({ id }) => id)).size).toBe(
      1,
    );
    expect(log()).toEqual(["task_created"]);
    expect(socket.of("event")).toHaveLength(1);
  });

  test("a key that is none is refused, and nothing is carried out", async () => {
    const { app, cookies, send, log } = demoApp();
    for (const key of ["", "short", "x".repeat(65), "with spaces in it", "with-ümlauts-in-it"]) {
      const answer = await send("POST", "/tasks", { key, body: newTask });
      expect([answer.status, answer.body.error.code]).toEqual([400, "bad_key"]);
    }
    const { url } = await startServer(app);
    const socket = await askForSocket(url, { cookie: cookies.bob, origin: url });
    socket.say({ type: "create_task", key: "short", task: newTask });
    socket.say({ type: "create_task", task: newTask });
    await until("the answers", () => socket.of("error").length === 2);
    expect(log()).toEqual([]);
  });

  test("there is an answer to everything with a key, also when it is no command, or the server fails", async () => {
    const { app, cookies, database } = demoApp();
    const { url } = await startServer(app);
    const socket = await askForSocket(url, { cookie: cookies.bob, origin: url });
    socket.say({ type: "create_task", key: KEY, task: { listId: "list-todo", title: "x".repeat(201) } });
    socket.say({ type: "make_tea", key: KEY });
    await until("the refusals", () => socket.of("answer").length === 2);
    expect(socket.of("answer").map(({ status }) => status)).toEqual([400, 400]);
    const print = vi.spyOn(console, "error").mockImplementation(() => {});
    database.exec("CREATE TRIGGER full BEFORE INSERT ON tasks BEGIN SELECT RAISE(ABORT, 'full'); END");
    socket.say({ type: "create_task", key: KEY, task: newTask });
    await until("the failure", () => socket.of("answer").length === 3);
    expect(socket.of("answer")[2]).toMatchObject({ key: KEY, status: 500 });
    database.exec("DROP TRIGGER full");
    socket.say({ type: "create_task", key: KEY, task: newTask });
    await until("the answer", () => socket.of("answer").length === 4);
    expect([socket.of("answer")[3].status, socket.closed]).toEqual([201, {}]);
    print.mockRestore();
  });

  test("a heartbeat that cannot be made ends its socket, and not the server", async () => {
    const { database } = demoBoard();
    const app = createApp({ database, heartbeatMs: 30 });
    const cookie = `session=${app.auth.sessions.create("bob").token}`;
    const { url } = await startServer(app);
    const socket = await askForSocket(url, { cookie, origin: url });
    socket.say({ type: "join", boardId: "board-1" });
    await until("the join", () => socket.of("joined").length === 1);
    const print = vi.spyOn(console, "error").mockImplementation(() => {});
    database.exec("ALTER TABLE boards RENAME TO hidden");
    await until("the close", () => socket.closed.code);
    expect(socket.closed.code).toBe(1011);
    database.exec("ALTER TABLE hidden RENAME TO boards");
    print.mockRestore();
    expect((await fetch(`${url}/session`, { headers: { cookie } })).status).toBe(200);
  });

  test("what was answered before a restart is answered after it", async () => {
    const file = `${temporaryFolder()}/board.db`;
    const before = seed(openDatabase(file));
    const first = await demoApp(before).send("POST", "/tasks", { key: KEY, body: newTask });
    before.close();
    const after = openDatabase(file);
    const { send, log } = demoApp(after);
    expect(await send("POST", "/tasks", { key: KEY, body: newTask })).toEqual(first);
    expect(log()).toEqual(["task_created"]);
    after.close();
  });

  test("the change and its answer are kept together or not at all", async () => {
    const { send, log, database } = demoApp();
    // The last write of the transaction fails: everything before it has to be undone.
    database.exec(
      "CREATE TRIGGER full BEFORE INSERT ON idempotency_keys BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    const silent = console.error;
    console.error = () => {};
    expect((await send("POST", "/tasks", { key: KEY, body: newTask })).status).toBe(500);
    console.error = silent;
    expect(log()).toEqual([]);
    database.exec("DROP TRIGGER full");
    expect((await send("POST", "/tasks", { key: KEY, body: newTask })).status).toBe(201);
    expect(log()).toEqual(["task_created"]);
  });

  test("answers are forgotten after a day, and not before", () => {
    let now = Date.parse("2026-11-21T08:00:00.000Z");
    const { database } = demoBoard();
    const { answerOnce } = createIdempotency(database, () => now);
    let count = 0;
    const ask = (key = KEY) =>
      answerOnce("bob", key, {}, () => {
        count += 1;
        return { status: 200, body: count };
      }).body;
    expect(ask()).toBe(1);
    now += 23 * 3_600_000;
    expect([ask("another-key-0000"), ask()]).toEqual([2, 1]);
    now += 2 * 3_600_000;
    expect([ask("and-one-more-000"), ask()]).toEqual([3, 4]);
  });
});
