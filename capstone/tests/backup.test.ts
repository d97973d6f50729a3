import { chownSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { needsProgram } from "../../chapters/10-scaling/cluster/needs-program.ts";
import { startRedis } from "../../chapters/10-scaling/cluster/redis-server.ts";
import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { temporaryFolder } from "../../shared/testing/temporary-folder.ts";
import { until } from "../../shared/testing/until.ts";
import { applyEvent, stateOf } from "../board/board-state.ts";
import type { Snapshot } from "../board/events.ts";
import { createMemoryOutbox } from "../client/sync/memory-outbox.ts";
import { nodeClient } from "../client/sync/testing/node-client.ts";
import { maintain } from "../server/maintenance.ts";
import { lockProcess } from "../server/process-lock.ts";
import { openSqliteStore } from "../server/store/sqlite-store.ts";
import { type CapstoneProcess, runCommand, startProcess } from "./capstone-process.ts";

const BOARD = "board-1";

function environment() {
  const folder = temporaryFolder();
  return { folder, DATABASE_FILE: join(folder, "board.sqlite"), copy: join(folder, "copy.sqlite") };
}

async function createTask(server: CapstoneProcess, cookie: string, id: string): Promise<Response> {
  return fetch(`${server.url}/tasks`, {
    method: "POST",
    headers: { cookie, origin: server.url, "content-type": "application/json" },
    body: JSON.stringify({ id, listId: "list-todo", title: id }),
  });
}

async function snapshotOf(server: CapstoneProcess, cookie: string): Promise<Snapshot> {
  return (await fetch(`${server.url}/boards/${BOARD}`, { headers: { cookie } })).json();
}

/** What a file says the board is, and what its log makes of it. */
async function readBoth(file: string): Promise<{ tables: Snapshot; fold: Snapshot; isIntact: boolean }> {
  const database = openDatabase(file);
  const isIntact = database.pragma("integrity_check", { simple: true }) === "ok";
  const store = openSqliteStore({ database });
  onTestFinished(() => store.close());
  const tables = await store.snapshot(BOARD);
  const page = await store.eventsAfter(BOARD, { seq: 0 }, 100_000);
  if (!("board" in tables) || !("events" in page)) throw new Error("The file has no board.");
  const nothing = { board: { ...tables.board, members: [] }, lists: [], tasks: [], comments: [], seq: 0 };
  const { board, lists, tasks, comments, seq } = page.events.reduce(applyEvent, stateOf(nothing));
  return {
    tables,
    fold: { board, lists, tasks: [...tasks.values()], comments: [...comments.values()], seq },
    isIntact,
  };
}

const byId = <T extends { readonly id: string }>(all: readonly T[]) =>
  all.toSorted((a, b) => (a.id < b.id ? -1 : 1));

describe("a backup of a board that is in use", () => {
  test("is whole: everything that was acknowledged before is in it, and its log makes what its tables say", async () => {
    const { DATABASE_FILE, copy } = environment();
    const server = await startProcess({ DATABASE_FILE });
    const cookie = await server.signIn("alice");
    const acknowledged: string[] = [];
    let isOver = false;
    const write = async (name: string) => {
      for (let count = 1; !isOver; count += 1) {
        const id = `${name}-${count}`;
        if ((await createTask(server, cookie, id)).status === 201) acknowledged.push(id);
      }
    };
    const writers = ["a", "b", "c", "d"].map(write);
    await until("writes", () => acknowledged.length > 50);
    const before = [...acknowledged];
    const { code, stdout, stderr } = await runCommand(["backup", copy], { DATABASE_FILE });
    const during = acknowledged.length - before.length;
    isOver = true;
    await Promise.all(writers);

    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`${copy} is a copy of ${DATABASE_FILE}.\n`);
    expect(during, "nobody waited for it").toBeGreaterThan(0);
    const { tables, fold, isIntact } = await readBoth(copy);
    expect(isIntact).toBe(true);
    const ids = new Set(tables.tasks.map(({ id }) => id));
    expect(before.filter((id) => !ids.has(id))).toEqual([]);
    expect(fold.seq).toBe(tables.seq);
    expect(byId(fold.tasks)).toEqual(byId(tables.tasks));
    expect(byId(fold.comments)).toEqual(byId(tables.comments));
    expect(fold.lists).toEqual(tables.lists);
    expect(fold.board.members).toEqual(tables.board.members);
  }, 60_000);

  test("brings the board back: clients that have seen what is lost see it no more, whatever comes after", async () => {
    const { DATABASE_FILE, copy } = environment();
    const first = await startProcess({ DATABASE_FILE });
    const cookie = await first.signIn("alice");
    const outbox = createMemoryOutbox();
    const before = nodeClient({ baseUrl: first.url, cookie, outbox });
    await createTask(first, cookie, "kept");
    expect((await runCommand(["backup", copy], { DATABASE_FILE })).code).toBe(0);
    await createTask(first, cookie, "lost-1");
    await createTask(first, cookie, "lost-2");
    await until("the client", () => before.state().view?.tasks.has("lost-2"), 15_000);
    const { board, seq } = await snapshotOf(first, cookie);
    const cursor = `${board.epoch}:${seq}`;

    const refused = await runCommand(["restore", copy], { DATABASE_FILE });
    expect([refused.code, refused.stderr]).toEqual([
      78,
      `${DATABASE_FILE} is in use by another process: stop it first.\n`,
    ]);
    expect(await first.end("SIGTERM")).toBe(0);
    const { code, stdout } = await runCommand(["restore", copy], { DATABASE_FILE });
    expect(code).toBe(0);
    const former = /The former database is now (.+)\.$/m.exec(stdout)?.[1] ?? "";
    expect(existsSync(former)).toBe(true);

    const second = await startProcess({ DATABASE_FILE, PORT: String(first.port) });
    // Who had signed out since the backup is not signed in again: so nobody is.
    await until("the client", () => before.state().status.state === "signed-out", 30_000);
    await before.close();
    const again = await second.signIn("alice");
    const client = nodeClient({ baseUrl: second.url, cookie: again, outbox });
    const tasks = () => client.state().view?.tasks;
    // The new events have the numbers of those that are lost, and one more.
    for (const id of ["new-1", "new-2", "new-3"])
      expect((await createTask(second, again, id)).status).toBe(201);
    const fresh = await snapshotOf(second, again);
    expect(fresh.seq).toBe(seq + 1);
    expect(fresh.board.epoch).not.toBe(board.epoch);
    const headers = { cookie: again };
    const polled = await fetch(`${second.url}/boards/${BOARD}/updates?after=${cursor}`, { headers });
    expect([polled.status, (await polled.json()).error.code]).toEqual([410, "cursor_gone"]);
    await until("the client", () => client.state().status.state === "live" && tasks()?.has("new-3"), 30_000);
    expect([...(tasks()?.keys() ?? [])].sort()).toEqual(fresh.tasks.map(({ id }) => id).sort());
    expect(tasks()?.has("lost-1")).toBe(false);

    // Nothing is thrown away: what is lost on the board is in the former file.
    const kept = new SQLite(former, { readonly: true });
    onTestFinished(() => void kept.close());
    expect(kept.prepare("SELECT id FROM tasks WHERE id LIKE 'lost-%'").all()).toHaveLength(2);
  }, 60_000);

  test("what cannot be done is one sentence, and nothing is touched", async () => {
    const { folder, DATABASE_FILE, copy } = environment();
    const wrong = await runCommand(["backup"], { DATABASE_FILE });
    expect([wrong.code, wrong.stderr]).toEqual([64, "Say npm run capstone -- backup FILE.\n"]);
    const missing = await runCommand(["restore", copy], { DATABASE_FILE });
    const nothing = `${copy} does not exist: choose a file that a backup has written.`;
    expect([missing.code, missing.stderr]).toEqual([78, `${nothing}\n`]);

    const say = (...args: string[]) =>
      maintain(args, DATABASE_FILE).then(
        () => "It was done.",
        (error: Error) => error.message,
      );
    expect(await say("restore", "a", "b")).toBe("Say npm run capstone -- restore FILE.");
    expect(await say("remove", copy)).toMatch(/^npm run capstone takes no "remove"/);
    expect(await say("backup", copy)).toBe(`${DATABASE_FILE} does not exist: set DATABASE_FILE.`);
    const text = join(folder, "text.txt");
    writeFileSync(text, "This is no database, and it is long enough to be looked at.".repeat(20));
    expect(await say("restore", text)).toBe(`${text} is not an SQLite database: choose another file.`);
    expect(existsSync(DATABASE_FILE)).toBe(false);
    openDatabase(DATABASE_FILE).close();
    expect(await say("backup", text)).toBe(`${text} exists already: choose another file.`);
    const nowhere = join(folder, "no-folder", "copy.sqlite");
    expect(await say("backup", nowhere)).toMatch(/^.* cannot be copied to .*no-folder.*: .*\.$/);
    // What was begun is gone, and the lock is free again.
    const names = readdirSync(folder).sort();
    expect(names).toEqual(["board.sqlite", "board.sqlite.lock", "text.txt"]);
    lockProcess(DATABASE_FILE, true, "it is not").release();
  }, 60_000);

  test("a file that is damaged is not put in the place of one that works", async () => {
    const { folder, DATABASE_FILE, copy } = environment();
    seed(openDatabase(DATABASE_FILE)).close();
    await maintain(["backup", copy], DATABASE_FILE);
    // A page in the middle, as a bad disk leaves it.
    const bytes = readFileSync(copy);
    bytes.fill(0x55, 4 * 4_096, 5 * 4_096);
    writeFileSync(copy, bytes);
    await expect(maintain(["restore", copy], DATABASE_FILE)).rejects.toThrow(/ is damaged: /);
    expect(readdirSync(folder).sort()).toEqual(["board.sqlite", "board.sqlite.lock", "copy.sqlite"]);
    const kept = openDatabase(DATABASE_FILE);
    expect(kept.prepare("SELECT count(*) FROM tasks").pluck().get()).toBe(4);
    kept.close();
  });

  const rootTest = test.skipIf(process.getuid?.() !== 0);
  rootTest("what root has restored is the server's own user's, to whom the folder belongs", async () => {
    const { folder, DATABASE_FILE, copy } = environment();
    seed(openDatabase(DATABASE_FILE)).close();
    await maintain(["backup", copy], DATABASE_FILE);
    chownSync(folder, 65_534, 65_534);
    await maintain(["restore", copy], DATABASE_FILE);
    for (const file of [DATABASE_FILE, `${DATABASE_FILE}.lock`]) expect(statSync(file).uid).toBe(65_534);
  });
});

describe("several processes on one database", () => {
  test("a second one that would hear nothing of the first is refused", async () => {
    const { DATABASE_FILE } = environment();
    const first = await startProcess({ DATABASE_FILE });
    const { code, stderr } = await runCommand([], { DATABASE_FILE });
    const sentence = `${DATABASE_FILE} is in use by another process: stop that one, or set the same REDIS_URL for both.\n`;
    expect([code, stderr]).toEqual([78, sentence]);
    // The lock ends with its process, however that ends.
    expect(await first.end("SIGKILL")).toBe(null);
    const second = await startProcess({ DATABASE_FILE });
    expect((await fetch(`${second.url}/ready`)).status).toBe(200);
  }, 60_000);

  needsProgram("redis-server")(
    "those that hear of each other through Redis may",
    async () => {
      const redis = await startRedis();
      onTestFinished(() => redis.stop());
      const { DATABASE_FILE, copy } = environment();
      const both = { DATABASE_FILE, REDIS_URL: redis.url };
      const first = await startProcess(both);
      const second = await startProcess(both);
      const cookie = await first.signIn("alice");
      const client = nodeClient({ baseUrl: second.url, cookie });
      await until("live", () => client.state().status.state === "live");
      await createTask(first, cookie, "over-there");
      await until("the task", () => client.state().view?.tasks.has("over-there"));
      // Nobody who is alone, and no restore, comes between them.
      expect((await runCommand([], { DATABASE_FILE })).code).toBe(78);
      expect((await runCommand(["backup", copy], { DATABASE_FILE })).code).toBe(0);
      expect((await runCommand(["restore", copy], { DATABASE_FILE })).code).toBe(78);
    },
    60_000,
  );
});
