import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { type Database, openDatabase } from "../../shared/database.ts";
import { listen } from "../../shared/serve.ts";
import { temporaryFolder } from "../../shared/testing/temporary-folder.ts";
import { until } from "../../shared/testing/until.ts";
import { nodeClient } from "../client/sync/testing/node-client.ts";
import { createApp } from "../server/app.ts";
import { seedDemo } from "../server/store/demo-board.ts";
import { openSqliteStore } from "../server/store/sqlite-store.ts";
import { startProcess } from "./capstone-process.ts";
import { NO_LIMITS } from "./no-limits.ts";

interface Address {
  readonly url: string;
  readonly cookie: string;
}

function createTask({ url, cookie }: Address, id: string, description = ""): Promise<Response> {
  return fetch(`${url}/tasks`, {
    method: "POST",
    headers: {
      cookie,
      origin: url,
      "content-type": "application/json",
      "idempotency-key": `the-key-of-task-${id}`,
    },
    body: JSON.stringify({ id, listId: "list-todo", title: id, description }),
  });
}

describe("a server that is asked to stop while everybody is at work", () => {
  test("answers what it has begun, sends everybody away in good order, and is gone; and they come back", async () => {
    const drainMs = 2_000;
    const settings = { DATABASE_FILE: join(temporaryFolder(), "board.sqlite"), DRAIN_MS: String(drainMs) };
    const first = await startProcess(settings);
    const cookie = await first.signIn("alice");
    const server = { url: first.url, cookie };
    const headers = { cookie, origin: first.url };

    const codes: number[] = [];
    const sockets = Array.from({ length: 30 }, () => {
      const socket = new WebSocket(`${first.url.replace("http", "ws")}/ws`, { headers });
      socket.on("open", () => socket.send(JSON.stringify({ type: "join", boardId: "board-1" })));
      socket.on("close", (code) => codes.push(code));
      return socket;
    });
    const streams = await Promise.all(
      Array.from({ length: 10 }, () => fetch(`${first.url}/boards/board-1/events`, { headers })),
    );
    const ends = Promise.allSettled(streams.map((stream) => stream.text()));
    const client = nodeClient({ baseUrl: first.url, cookie });
    await until("everybody", () => {
      const isOpen = sockets.every(({ readyState }) => readyState === WebSocket.OPEN);
      return isOpen && client.state().status.state === "live";
    });
    // One who begins a request and never ends it, and one who does not answer when a socket is closed.
    const hanging = connect(first.port, "127.0.0.1");
    const deaf = connect(first.port, "127.0.0.1");
    for (const socket of [hanging, deaf]) socket.on("error", () => {});
    const head = `host: 127.0.0.1:${first.port}\r\ncookie: ${cookie}\r\norigin: ${first.url}\r\n`;
    hanging.write(
      `POST /tasks HTTP/1.1\r\n${head}content-type: application/json\r\ncontent-length: 50\r\n\r\n{`,
    );
    const upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n";
    deaf.write(`GET /ws HTTP/1.1\r\n${head}${upgrade}sec-websocket-key: ${"A".repeat(22)}==\r\n\r\n`);
    await once(deaf, "data");

    const acknowledged: string[] = [];
    const other: number[] = [];
    let isOver = false;
    const writers = ["a", "b", "c", "d"].map(async (name) => {
      for (let count = 1; !isOver; count += 1) {
        const id = `${name}-${count}`;
        // A connection that is refused or reset says nothing about the change; an answer does.
        const answer = await createTask(server, id).catch(() => undefined);
        if (!answer) break;
        if (answer.status === 201) acknowledged.push(id);
        else other.push(answer.status);
        // Below the limits, which are the real ones.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    await until("writes", () => acknowledged.length > 20);
    client.run({ type: "create_task", task: { id: "by-the-client", listId: "list-todo", title: "Mine" } });

    const startedAt = performance.now();
    expect(await first.end("SIGTERM")).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(drainMs + 3_000);
    isOver = true;
    await Promise.all(writers);
    await until("the closes", () => codes.length === sockets.length);
    expect([...new Set(codes)]).toEqual([1012]);
    for (const end of await ends) {
      expect(end).toMatchObject({ value: expect.stringMatching(/event: end\ndata: \{.*\}\n\n$/) });
    }
    expect(other.filter((status) => status !== 503)).toEqual([]);

    const second = await startProcess({ ...settings, PORT: String(first.port) });
    await until("the client", () => client.state().status.state === "live", 15_000);
    await until("its change", () => client.state().pending.length === 0);
    const snapshot = await (await fetch(`${second.url}/boards/board-1`, { headers })).json();
    const ids: string[] = snapshot.tasks.map(({ id }: { id: string }) => id);
    expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([]);
    expect(ids).toContain("by-the-client");
    expect(client.state().view?.tasks.size).toBe(ids.length);
    hanging.destroy();
    deaf.destroy();
  }, 60_000);
});

describe("a disk that is full", () => {
  async function onFullDisk() {
    const database = openDatabase(join(temporaryFolder(), "board.sqlite"));
    const errors: unknown[] = [];
    const store = openSqliteStore({ database, onError: (error) => errors.push(error) });
    await seedDemo(store, database);
    const server = await listen(createApp({ store, isDemo: true, limits: NO_LIMITS }), { graceMs: 500 });
    onTestFinished(async () => {
      await server.close();
      await store.close();
    });
    const response = await fetch(`${server.url}/session/demo`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ userId: "alice" }),
    });
    const cookie = response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    return { database, store, server, errors, address: { url: server.url, cookie } };
  }

  /** SQLite takes no more pages than these: to it that is the same as a full disk. */
  function fill(database: Database, spare: number): void {
    const pages = database.pragma("page_count", { simple: true }) as number;
    database.pragma(`max_page_count = ${pages + spare}`);
  }

  test("changes are answered 503, reading goes on, and nothing is half done; with space again they go through", async () => {
    const { database, store, errors, address } = await onFullDisk();
    const client = nodeClient({ baseUrl: address.url, cookie: address.cookie });
    await until("live", () => client.state().status.state === "live");
    fill(database, 20);
    const statuses = new Map<string, number>();
    for (let round = 0; !errors.length && round < 50; round += 1) {
      // Several at a time: they share a commit, and all of them share its failure.
      const ids = [1, 2, 3, 4].map((each) => `task-of-${round}-${each}`);
      const answers = await Promise.all(ids.map((id) => createTask(address, id, "x".repeat(3_000))));
      answers.forEach(({ status }, index) => void statuses.set(ids[index] ?? "", status));
    }
    expect(new Set(statuses.values())).toEqual(new Set([201, 503]));
    expect(errors[0]).toMatchObject({ code: "SQLITE_FULL" });

    const headers = { cookie: address.cookie };
    const snapshot = await (await fetch(`${address.url}/boards/board-1`, { headers })).json();
    const there = new Set(snapshot.tasks.map(({ id }: { id: string }) => id));
    for (const [id, status] of statuses) expect([id, there.has(id)]).toEqual([id, status === 201]);
    expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
    const log = await store.eventsAfter("board-1", { seq: 0 }, 10_000);
    if (!("events" in log)) throw new Error("The log cannot be read.");
    expect(log.events.map(({ seq }) => seq)).toEqual(log.events.map((_, index) => index + 1));
    expect(log.seq).toBe(snapshot.seq);

    // A real client waits, and says so.
    client.run({ type: "create_task", task: { id: "patient", listId: "list-todo", title: "x".repeat(400) } });
    client.run({
      type: "update_task",
      taskId: "patient",
      change: { description: "x".repeat(9_000), version: 1 },
    });
    await until("the client waits", () => client.state().status.waiting > 0 && errors.length > 1);
    fill(database, 100_000);
    const [again = ""] = [...statuses].find(([, status]) => status === 503) ?? [];
    expect((await createTask(address, again, "x".repeat(3_000))).status).toBe(201);
    await until(
      "the client",
      () => client.state().status.waiting === 0 && client.state().pending.length === 0,
    );
    expect(client.state().notices).toEqual([]);
    expect(client.state().view?.tasks.get("patient")?.description).toHaveLength(9_000);
  }, 30_000);
});
