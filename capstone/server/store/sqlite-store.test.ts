// The contract, and what is SQLite's own: files, other processes, and dying in the middle.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Database, openDatabase } from "../../../shared/database.ts";
import { seed } from "../../../shared/seed.ts";
import { temporaryFolder } from "../../../shared/testing/temporary-folder.ts";
import { until } from "../../../shared/testing/until.ts";
import { accepted, boardId, on, sampleBoard } from "./contract/sample-board.ts";
import { seedDemo } from "./demo-board.ts";
import { openSqliteStore, type SqliteStoreOptions } from "./sqlite-store.ts";
import { storeContract } from "./store-contract.ts";
import { creation } from "./testing/creation.ts";

type Options = Omit<SqliteStoreOptions, "database">;

const onError = () => {};

function inMemory(options: Options = {}) {
  return async () => openSqliteStore({ database: openDatabase(), onError, ...options });
}

storeContract("SQLite in memory", inMemory());

storeContract(
  "SQLite on a file",
  async () => openSqliteStore({ database: openDatabase(newFile()), onError }),
  // What is written to the disk is the same; it only takes longer.
  { runs: 5 },
);

function newFile(): string {
  return join(temporaryFolder(), "board.sqlite");
}

async function openDemo(file: string, options: Options = {}) {
  const database = openDatabase(file);
  const store = openSqliteStore({ database, onError, ...options });
  onTestFinished(() => store.close());
  await seedDemo(store, database);
  return { database, ...on(store, "board-1") };
}

/** A process that writes tasks when it is told "go". `answers` are those that it has told of. */
async function startWriter(file: string, prefix: string, count: number) {
  const writer = fork(join(import.meta.dirname, "testing/task-writer.ts"), [file, prefix, String(count)], {
    execArgv: ["--import", "tsx"],
  });
  onTestFinished(() => void writer.kill("SIGKILL"));
  const answers = new Map<number, { status: number; seq: number }>();
  await once(writer, "message");
  writer.on("message", (message: { index: number; status: number; seq: number } | "done") => {
    if (message !== "done") answers.set(message.index, message);
  });
  return { writer, answers };
}

const exitOf = (child: ChildProcess) => once(child, "exit");

describe("a file", () => {
  test("that is opened again has everything: boards, logs, sessions, and the answers to keys", async () => {
    const file = newFile();
    const first = await openDemo(file);
    const [command, key] = creation("x", 1);
    const answer = await first.done("alice", command, key);
    const expiresAt = Date.now() + 10_000;
    await first.store.createSession({ id: "s", userId: "bob", expiresAt });
    const [snapshot, events] = [await first.snapshot(), await first.events()];
    await first.store.close();
    const again = await openDemo(file);
    expect(await again.snapshot()).toEqual(snapshot);
    expect(await again.events()).toEqual(events);
    expect(await again.store.session("s", 0)).toEqual({ id: "s", userId: "bob", expiresAt });
    expect(await again.run("alice", command, key)).toEqual(answer);
    expect(await again.head()).toBe(snapshot.seq);
  });

  test("whose process was killed has everything that was acknowledged, and repeats do nothing twice", async () => {
    const file = newFile();
    await (await openDemo(file)).store.close();
    const count = 3_000;
    const { writer, answers } = await startWriter(file, "x", count);
    writer.send("go");
    await until("some answers", () => answers.size > 100);
    const exit = exitOf(writer);
    writer.kill("SIGKILL");
    await exit;
    const acknowledged = new Map(answers);
    expect(acknowledged.size).toBeLessThan(count);

    const { head, events, snapshot, run } = await openDemo(file);
    const log = await events();
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    const seqs = new Map(log.map(({ seq, data }) => ["task" in data ? data.task.id : "", seq]));
    for (const [index, { seq }] of acknowledged) expect(seqs.get(`x-${index}`)).toBe(seq);
    const before = await head();
    const done = log.filter(({ data }) => "task" in data && data.task.id.startsWith("x-")).length;
    const repeated = await Promise.all(
      Array.from({ length: count }, (_, index) => run("alice", ...creation("x", index))),
    );
    expect(repeated.every(({ status }) => status === 201)).toBe(true);
    for (const [index, { seq }] of acknowledged) expect(repeated[index]?.seq).toBe(seq);
    expect(await head()).toBe(before + count - done);
    const ids = (await snapshot()).tasks.map(({ id }) => id).filter((id) => id.startsWith("x-"));
    expect(new Set(ids).size).toBe(count);
  });

  test("that two processes write to has one log without gaps, in which both alternate", async () => {
    const file = newFile();
    const { events, head } = await openDemo(file);
    const before = await head();
    const count = 400;
    const writers = await Promise.all([startWriter(file, "x", count), startWriter(file, "y", count)]);
    for (const { writer } of writers) writer.send("go");
    await Promise.all(writers.map(({ writer }) => exitOf(writer)));
    const log = await events(before);
    expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 2 * count }, (_, i) => before + 1 + i));
    const prefixes = log.map(({ data }) => ("task" in data ? data.task.id.slice(0, 1) : ""));
    expect(prefixes.filter((prefix) => prefix === "x")).toHaveLength(count);
    // One after the other would be a single change.
    const changes = prefixes.filter((prefix, index) => index > 0 && prefix !== prefixes[index - 1]);
    expect(changes.length).toBeGreaterThan(1);
    for (const { answers } of writers) {
      expect([...answers.values()].every(({ status }) => status === 201)).toBe(true);
      expect(answers.size).toBe(count);
    }
  });

  test("that a chapter has written: its tasks and its log have all fields", async () => {
    const store = openSqliteStore({ database: seed(openDatabase()) });
    onTestFinished(() => store.close());
    const { task, events, done, undo, refused } = on(store, "board-1");
    expect(await task("task-1")).toMatchObject({ labels: [], dueOn: null, createdBy: "" });
    const created = (await events()).find(({ type }) => type === "task_created");
    expect(created?.data).toMatchObject({ task: { labels: [], dueOn: null, createdBy: "" } });
    const { seq } = await done("alice", { type: "delete_list", listId: "list-todo" });
    await done("alice", undo(seq));
    expect(await refused("alice", undo(3))).toMatchObject({ code: "cannot_undo" });
  });
});

describe("another process that writes", () => {
  function locked(file: string) {
    const other = openDatabase(file);
    onTestFinished(() => void other.close());
    other.exec("BEGIN IMMEDIATE");
    return other;
  }

  test("for too long: busy, nothing has happened, and the key is not used up", async () => {
    const file = newFile();
    const { run, head, refused, store } = await openDemo(file, { patienceMs: 30 });
    const before = await head();
    const other = locked(file);
    const [command, key] = creation("x", 1);
    expect(await refused("alice", command, key)).toMatchObject({ status: 503, code: "busy" });
    expect(await store.createBoard("bob", { id: "b", name: "b" })).toMatchObject({ code: "busy" });
    await expect(store.endSession("x")).rejects.toMatchObject({ code: "SQLITE_BUSY" });
    // Reading goes on.
    expect(await head()).toBe(before);
    other.exec("ROLLBACK");
    expect(await run("alice", command, key)).toMatchObject({ status: 201, seq: before + 1 });
  });

  test("for a moment: it is waited for, and this process goes on meanwhile", async () => {
    const file = newFile();
    const { run, snapshot } = await openDemo(file, { patienceMs: 10_000 });
    const other = locked(file);
    let isAnswered = false;
    const answer = run("alice", ...creation("x", 1)).finally(() => {
      isAnswered = true;
    });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    await snapshot();
    expect(isAnswered).toBe(false);
    other.exec("COMMIT");
    expect((await answer).status).toBe(201);
  });
});

describe("failures", () => {
  test("a disk that is full: busy, nothing has happened, and it goes on when there is room again", async () => {
    const reasons: unknown[] = [];
    const { database, run, head, events } = await openDemo(newFile(), {
      onError: (error) => reasons.push(error),
    });
    const before = await head();
    const pages = (database as Database).pragma("page_count", { simple: true });
    database.pragma(`max_page_count = ${pages}`);
    const big = (id: string) =>
      run("alice", {
        type: "create_task",
        task: { id, listId: "list-todo", title: id, description: "x".repeat(10_000) },
      });
    const ids = ["x", "y", "z"];
    const refused = await Promise.all(ids.map(big));
    expect(refused.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(reasons).toMatchObject([{ code: "SQLITE_FULL" }]);
    expect(await events(before)).toEqual([]);
    database.pragma("max_page_count = 1000000");
    expect((await Promise.all(ids.map(big))).map(({ seq }) => seq)).toEqual([1, 2, 3].map((n) => before + n));
  });

  test("a bug in one command rejects that one alone", async () => {
    const { run, head } = await sampleBoard(inMemory());
    const before = await head();
    const rename = (name: string) => run("bob", { type: "rename_list", listId: "todo", list: { name } });
    const results = await Promise.allSettled([
      rename("x"),
      run("bob", { type: "nonsense" } as never),
      rename("y"),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await head()).toBe(before + 2);
  });

  test("what had been done of a command before it failed is undone: its rows, its seq, its event", async () => {
    const { database, store, run, done, head, events, task } = await openDemo(newFile());
    database.exec(`CREATE TRIGGER fail BEFORE INSERT ON idempotency_keys WHEN NEW.key = 'a-key-that-cannot-be-kept'
      BEGIN SELECT RAISE(ABORT, 'a bug'); END`);
    const heard: number[] = [];
    store.onCommit((all) => heard.push(...all.map(({ seq }) => seq)));
    const before = await head();
    const change = (taskId: string, key?: string) =>
      run("alice", { type: "update_task", taskId, change: { title: "x" } }, key);
    const [first, second, third] = await Promise.allSettled([
      change("task-1"),
      change("task-2", "a-key-that-cannot-be-kept"),
      change("task-3"),
    ]);
    expect([first.status, second.status, third.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await task("task-2")).not.toMatchObject({ title: "x" });
    expect(heard).toEqual([before + 1, before + 2]);
    expect((await events(before)).map(({ data }) => "task" in data && data.task.id)).toEqual([
      "task-1",
      "task-3",
    ]);
    database.exec("DROP TRIGGER fail");
    await done("alice", { type: "delete_task", taskId: "task-2" });
  });

  test("more than can wait is busy at once", async () => {
    const { run } = await sampleBoard(inMemory({ maxWaiting: 3 }));
    const answers = await Promise.all(
      ["1", "2", "3", "4"].map((name) => run("bob", { type: "rename_list", listId: "todo", list: { name } })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 503]);
  });

  test("a store that is closed finishes what was begun, and rejects what comes after it", async () => {
    const file = newFile();
    const { run, store } = await openDemo(file);
    const begun = run("alice", ...creation("x", 1));
    await store.close();
    expect((await begun).status).toBe(201);
    await expect(run("alice", ...creation("x", 2))).rejects.toThrow(/closed/);
    await expect(store.ping()).rejects.toThrow();
  });
});

describe("how long things are kept", () => {
  test("answers to keys: 30 days", async () => {
    const day = 24 * 3_600_000;
    let now = Date.now();
    const { done, run, undo } = await sampleBoard(inMemory({ now: () => now }));
    const create = { type: "create_task", task: { listId: "todo", title: "x" } } as const;
    const first = await done("bob", create, "a-key-for-thirty-days");
    now += 29 * day;
    await done("bob", { type: "rename_list", listId: "todo", list: { name: "x" } }, "another-key-for-now");
    expect(await run("bob", create, "a-key-for-thirty-days")).toEqual(first);
    now += 2 * day;
    await done(
      "bob",
      { type: "rename_list", listId: "todo", list: { name: "y" } },
      "yet-another-key-for-now",
    );
    expect(await run("bob", create, "a-key-for-thirty-days")).not.toEqual(first);
    await done("bob", undo(first.seq));
  });

  test("events: so many as are wanted, and what goes is the beginning", async () => {
    const { store, done, run, head, refused, undo } = await sampleBoard(inMemory({ keepEvents: 20 }));
    const { seq: deleted } = await done("bob", { type: "delete_task", taskId: "a" });
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        run("bob", { type: "rename_list", listId: "todo", list: { name: String(index) } }),
      ),
    );
    const end = await head();
    expect(await store.eventsAfter(boardId, { seq: 0 }, 10)).toMatchObject({ code: "cursor_gone" });
    expect(await store.eventsAfter(boardId, { seq: end - 23 }, 10)).toMatchObject({ code: "cursor_gone" });
    const { events } = accepted(await store.eventsAfter(boardId, { seq: end - 20 }, 100));
    expect(events).toHaveLength(20);
    expect(await refused("bob", undo(deleted))).toMatchObject({ status: 410, code: "cursor_gone" });
    expect(await refused("bob", { type: "delete_task", taskId: "a" })).toMatchObject({ status: 404 });
  });
});

describe("the demo board", () => {
  test("that two processes make at the same moment is made once", async () => {
    const file = newFile();
    const stores = [openDatabase(file), openDatabase(file)].map((database) => ({
      database,
      store: openSqliteStore({ database, onError }),
    }));
    onTestFinished(async () => {
      for (const { store } of stores) await store.close();
    });
    await Promise.all(stores.map(({ store, database }) => seedDemo(store, database)));
    for (const { store } of stores) {
      const { snapshot, events } = on(store, "board-1");
      expect((await snapshot()).tasks).toHaveLength(12);
      expect((await events()).filter(({ type }) => type === "list_created")).toHaveLength(3);
    }
  });

  test("is made once, and what people do to it stays", async () => {
    const { store, database, snapshot, done } = await openDemo(newFile());
    const { board, lists, tasks, comments } = await snapshot();
    expect(board).toMatchObject({ name: "Website launch" });
    expect(board.members.map(({ userId, role }) => [userId, role])).toEqual([
      ["alice", "owner"],
      ["bob", "editor"],
    ]);
    expect(lists.map(({ id }) => id)).toEqual(["list-todo", "list-doing", "list-done"]);
    expect(tasks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["task-1", "task-2", "task-3", "task-4"]),
    );
    expect(comments.length).toBeGreaterThan(5);
    expect(await store.boardsOf("carol")).toMatchObject([{ id: "board-2", role: "owner" }]);
    await done("alice", { type: "delete_task", taskId: "task-1" });
    const before = await snapshot();
    await seedDemo(store, database);
    expect(await snapshot()).toEqual(before);
  });
});
