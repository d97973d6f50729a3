import { describe, expect, test } from "vitest";
import type { BoardEvent } from "../../shared/events.ts";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { createApp } from "./app.ts";
import { PAGE_SIZE } from "./updates.ts";
import { tasksChangedSince } from "./updates-by-timestamp.ts";

function demoApp(now?: () => number) {
  const { database, boards } = demoBoard(now);
  const app = createApp({ database });
  const updates = (after: string | number, headers = {}) =>
    app.request(`/boards/board-1/updates?after=${after}`, { headers });
  return { app, database, boards, updates };
}

describe("updates after a cursor", () => {
  test("every event arrives in order and once, page after page", async () => {
    const { boards, updates } = demoApp();
    for (let task = 0; task < 250; task += 1) {
      accepted(boards.createTask("alice", { listId: "list-todo", title: `Task ${task}` }));
    }
    const received: number[] = [];
    let cursor = 9;
    let pages = 0;
    for (let more = true; more; pages += 1) {
      const page = await (await updates(cursor)).json();
      received.push(...page.events.map((event: BoardEvent) => event.seq));
      ({ seq: cursor, more } = page);
    }
    expect(pages).toBe(Math.ceil(250 / PAGE_SIZE));
    expect(received).toEqual(Array.from({ length: 250 }, (_, index) => 10 + index));
    expect(await (await updates(cursor)).json()).toEqual({ events: [], seq: 259, more: false });
  });

  test("nothing new is 304 without a body, and the next event ends that", async () => {
    const { boards, updates } = demoApp();
    const first = await updates(9);
    const etag = first.headers.get("etag") ?? "";
    expect([first.status, first.headers.get("cache-control")]).toEqual([200, "no-cache"]);

    const second = await updates(9, { "if-none-match": etag });
    expect([second.status, await second.text(), second.headers.get("etag")]).toEqual([304, "", etag]);
    const weak = await updates(9, { "if-none-match": `"other", W/${etag}` });
    expect(weak.status).toBe(304);
    expect((await updates(9, { "if-none-match": "*" })).status).toBe(304);
    expect((await updates(99, { "if-none-match": etag })).status).toBe(410); // never a 304 for a cursor that is gone

    boards.deleteTask("alice", "task-1");
    const third = await updates(9, { "if-none-match": etag });
    expect(third.status).toBe(200);
    expect((await third.json()).events).toMatchObject([{ seq: 10, type: "task_deleted" }]);
    expect(third.headers.get("etag")).not.toBe(etag);
  });

  test("a cursor from another database is answered with 410, never with a part of the events", async () => {
    const { boards, updates } = demoApp();
    const { epoch } = snapshotOf(boards).board;
    expect((await updates(`${epoch}:5`)).status).toBe(200);
    for (const cursor of ["0123456789ab:5", 10, `${epoch}:10`, 999_999_999]) {
      const response = await updates(cursor);
      expect([cursor, response.status]).toEqual([cursor, 410]);
      expect((await response.json()).error.code).toBe("cursor_gone");
    }
  });

  test("a cursor that is older than the log is answered with 410", async () => {
    const { database, updates } = demoApp();
    database.exec("DELETE FROM events WHERE seq <= 4");
    expect((await updates(3)).status).toBe(410);
    expect((await (await updates(4)).json()).events).toHaveLength(5);
  });

  test("a cursor that is no number is 400, and an unknown board 404", async () => {
    const { app, updates } = demoApp();
    for (const cursor of ["x", "", "-1", "1.5", "%", "a:b"]) {
      expect([cursor, (await updates(cursor)).status]).toEqual([cursor, 400]);
    }
    expect((await app.request("/boards/board-1/updates")).status).toBe(400);
    expect((await app.request("/boards/board-1/updates?after=1&after=2")).status).toBe(400);
    expect((await app.request("/boards/board-9/updates?after=0")).status).toBe(404);
  });
});

describe("polling by timestamp", () => {
  const NOON = Date.parse("2026-11-21T12:00:00.000Z");

  test("a deletion that a timestamp misses is seen by a cursor", async () => {
    const { database, boards, updates } = demoApp(() => NOON);
    boards.deleteTask("alice", "task-1");
    expect(tasksChangedSince(database, "board-1", NOON - 1)).toEqual([]); // the task stays on Bob's screen for ever
    expect((await (await updates(9)).json()).events).toMatchObject([
      { type: "task_deleted", data: { taskId: "task-1" } },
    ]);
  });

  test("two changes in one millisecond: a timestamp misses the second, a cursor has both", async () => {
    const { database, boards, updates } = demoApp(() => NOON);
    boards.updateTask("alice", "task-1", { title: "First" });
    const seen = tasksChangedSince(database, "board-1", NOON - 1);
    expect(seen.map((task) => task.id)).toEqual(["task-1"]);
    const since = seen[0]?.updatedAt ?? 0; // what Bob asks with next
    const { seq } = await (await updates(9)).json();

    boards.updateTask("alice", "task-2", { title: "Second" }); // still the same millisecond
    expect(tasksChangedSince(database, "board-1", since)).toEqual([]);
    expect((await (await updates(seq)).json()).events).toMatchObject([
      { data: { task: { title: "Second" } } },
    ]);
  });

  test("a clock that is set back: a timestamp misses the change, a cursor has it", async () => {
    let now = NOON;
    const { database, boards, updates } = demoApp(() => now);
    boards.updateTask("alice", "task-1", { title: "Before" });
    const since = tasksChangedSince(database, "board-1", NOON - 1)[0]?.updatedAt ?? 0;

    now -= 5_000; // the server's clock was ahead, and has just been corrected
    boards.updateTask("alice", "task-2", { title: "After" });
    expect(tasksChangedSince(database, "board-1", since)).toEqual([]);
    expect((await (await updates(10)).json()).events).toMatchObject([{ seq: 11 }]);
  });

  test("a client whose clock is ahead: its timestamp misses the change, its cursor has it", async () => {
    const { database, boards, updates } = demoApp(() => NOON);
    const clientClock = NOON + 3_000;
    boards.updateTask("alice", "task-1", { title: "Changed" });
    expect(tasksChangedSince(database, "board-1", clientClock)).toEqual([]);
    expect((await (await updates(9)).json()).events).toHaveLength(1);
  });
});
