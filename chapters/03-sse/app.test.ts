import { describe, expect, test } from "vitest";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { openRawStream } from "../../shared/testing/raw-stream.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { until } from "../../shared/testing/until.ts";
import { type AppOptions, createApp } from "./app.ts";

const PATH = "/boards/board-1/events";

async function startApp(options: Partial<AppOptions> = {}) {
  const { database, boards } = demoBoard();
  const app = createApp({ database, ...options });
  const server = await startServer(app, { graceMs: 200 });
  const deleteTask = (id: string) => fetch(`${server.url}/tasks/${id}`, { method: "DELETE" });
  return { app, boards, deleteTask, server, epoch: snapshotOf(boards).board.epoch };
}

describe("GET /boards/:boardId/events", () => {
  test("an event arrives when it happens, on the one answer that is open", async () => {
    const { deleteTask, server, epoch } = await startApp();
    const stream = openRawStream(server.port, PATH);
    await until("the head", () => stream.head);
    expect(stream.head?.startLine).toMatch(/^HTTP\/1\.1 200/);
    expect(Object.fromEntries(stream.head?.headers ?? [])).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      "Transfer-Encoding": "chunked",
    });
    const start = performance.now();
    await deleteTask("task-1");
    await until("the event", () => stream.events.length === 1);
    expect(performance.now() - start).toBeLessThan(1_000); // not a heartbeat later
    await deleteTask("task-2");
    await until("the next one", () => stream.events.length === 2);
    expect(stream.events.map(({ id }) => id)).toEqual([`${epoch}:10`, `${epoch}:11`]);
    expect(stream.isOver).toBe(false);
  });

  test("the browser's Last-Event-ID is newer than the address that the page asked for", async () => {
    const { server, epoch } = await startApp();
    const stream = openRawStream(server.port, `${PATH}?after=${epoch}:2`, { "Last-Event-ID": `${epoch}:7` });
    await until("the events", () => stream.events.length === 2);
    expect(stream.events.map(({ id }) => id)).toEqual([`${epoch}:8`, `${epoch}:9`]);
  });

  test("an empty Last-Event-ID is none: the address counts", async () => {
    const { server, epoch } = await startApp();
    const stream = openRawStream(server.port, `${PATH}?after=${epoch}:8`, { "Last-Event-ID": "" });
    await until("the event", () => stream.events.length === 1);
    // A reset would have the same id: it carries the head.
    expect(stream.events).toMatchObject([{ id: `${epoch}:9`, event: "task_created" }]);
  });

  test("a quiet stream is kept alive by comments, and nothing on the way may keep or pack it", async () => {
    const { server } = await startApp({ streamSettings: { heartbeatMs: 20 } });
    const stream = openRawStream(server.port, PATH, { "Accept-Encoding": "gzip, br" });
    await until("two heartbeats", () => stream.comments.length >= 2);
    expect(stream.events).toEqual([]);
    expect(stream.head?.headers.map(([name]) => name.toLowerCase())).not.toContain("content-encoding");
  });

  test("HEAD says what a stream would be and opens none", async () => {
    const { app, server } = await startApp();
    const response = await fetch(`${server.url}${PATH}`, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(app.streams.size).toBe(0);
  });

  test("no such board is a 404 in JSON, which a browser takes as final", async () => {
    const { app, server } = await startApp();
    const response = await fetch(`${server.url}/boards/board-9/events`);
    expect(response.status).toBe(404);
    expect((await response.json()).error.code).toBe("not_found");
    expect(app.streams.boardCount).toBe(0);
  });

  test("a stream ends in good order when it is old, and its client goes on from its cursor", async () => {
    const { server, epoch, deleteTask } = await startApp({ streamSettings: { maxAgeMs: 100 } });
    const old = openRawStream(server.port, `${PATH}?after=${epoch}:8`);
    await until("its end", () => old.isOver);
    await deleteTask("task-1");
    const next = openRawStream(server.port, PATH, { "Last-Event-ID": old.events.at(-1)?.id ?? "" });
    await until("the event", () => next.events.length === 1);
    expect(next.events[0]?.id).toBe(`${epoch}:10`);
  });

  test("a server that stops ends its streams at once", async () => {
    const { app, server } = await startApp();
    const stream = openRawStream(server.port, PATH);
    await until("the stream", () => app.streams.size === 1);
    const start = performance.now();
    await server.close();
    expect(performance.now() - start).toBeLessThan(1_000);
    await until("its end", () => stream.isOver);
    expect(app.streams.size).toBe(0);
  });

  test("a change made by another process is not on the stream: nobody published it here", async () => {
    const { boards, deleteTask, server, epoch } = await startApp();
    const stream = openRawStream(server.port, PATH);
    await until("the head", () => stream.head);
    accepted(boards.renameBoard("alice", "board-1", { name: "By another process" }));
    await new Promise((resolve) => setTimeout(resolve, 200)); // to see that nothing comes
    expect(stream.events).toEqual([]);
    await deleteTask("task-1");
    await until("the next event", () => stream.events.length > 0);
    // It is not skipped either: what is missing before it is read from the log.
    expect(stream.events.map(({ id }) => id)).toEqual([`${epoch}:10`, `${epoch}:11`]);
  });
});
