import { expect, onTestFinished } from "vitest";
import { createBoardBus } from "../../../chapters/08-pub-sub/board-topics.ts";
import type { BoardEvent } from "../../../shared/events.ts";
import { accepted, demoBoard } from "../../../shared/testing/demo-board.ts";
import { request } from "../../../shared/testing/exercise-clients.ts";
import { type Log, settled, test } from "../../../shared/testing/exercise-test.ts";
import { createApp } from "./exercise.ts";

/** The demo board, whose log ends with event 9, and an app with consumers that write down what they hear. */
function demoApp(log: Log, deliver: () => Promise<void> = async () => {}) {
  const { database, boards } = demoBoard(() => Date.parse("2026-11-21T08:00:00.000Z"));
  const bus = createBoardBus({
    onTrouble: (trouble) => log(`the bus reports: "${trouble.subscriber}" ${trouble.kind}`),
  });
  const heard = { streams: [] as string[], sockets: [] as string[], webhooks: [] as string[] };
  const hear = (who: keyof typeof heard) => (event: BoardEvent) => {
    log(`${who} hear ${nameOf(event)}`);
    heard[who].push(nameOf(event));
  };
  const hearWebhooks = hear("webhooks");
  const app = createApp({
    database,
    boards,
    bus,
    streams: { publish: hear("streams") },
    sockets: { publish: hear("sockets") },
    webhooks: {
      deliver(event) {
        hearWebhooks(event);
        return deliver();
      },
    },
  });
  return { app, bus, heard, database, boards };
}

function nameOf(event: BoardEvent): string {
  return event.type === undefined ? `no event: ${JSON.stringify(event)}` : `${event.seq} ${event.type}`;
}

const PAINT = { id: "task-5", listId: "list-todo", title: "Buy paint" };
const WALL = { id: "task-6", listId: "list-todo", title: "Paint the wall" };

test("each change is heard by all three consumers, once", async ({ log }) => {
  const { app, heard } = demoApp(log);
  await request(log, "alice", app, "POST /tasks", { body: PAINT });
  await request(log, "alice", app, "PATCH /tasks/task-5", { body: { title: "Buy red paint" } });
  await request(log, "alice", app, "PATCH /tasks/task-5/move", { body: { listId: "list-done" } });
  await request(log, "alice", app, "DELETE /tasks/task-5");
  const all = ["10 task_created", "11 task_updated", "12 task_moved", "13 task_deleted"];
  expect(heard, "what the consumers have heard").toEqual({ streams: all, sockets: all, webhooks: all });
});

test("the changes of every board are heard", async ({ log }) => {
  const { app, heard, boards } = demoApp(log);
  accepted(boards.createList("carol", "board-2", { id: "list-carol", name: "Carol's list" }));
  const body = { ...PAINT, listId: "list-carol" };
  await request(log, "carol", app, "POST /tasks", { body, headers: { "x-user": "carol" } });
  const all = ["3 task_created"];
  expect(heard, "what the consumers have heard of board-2").toEqual({
    streams: all,
    sockets: all,
    webhooks: all,
  });
});

test("a listener that no route knows hears the events as they are in the log", async ({ log }) => {
  const { app, bus, boards } = demoApp(log);
  const heard: BoardEvent[] = [];
  log('a new listener subscribes to "board:*"');
  bus.subscribe("board:*", "mine", (event) => void heard.push(event));
  await request(log, "alice", app, "POST /tasks", { body: PAINT });
  await request(log, "bob", app, "PATCH /tasks/task-5", {
    body: { description: "Red" },
    headers: { "x-user": "bob" },
  });
  const { events } = accepted(boards.eventsAfter("board-1", { seq: 9 }, 10));
  expect(heard, "what the new listener has heard").toEqual(events);
});

test("a change that is refused is heard by nobody", async ({ log }) => {
  const { app, heard } = demoApp(log);
  await request(log, "alice", app, "POST /tasks", { body: { ...PAINT, listId: "list-gone" } });
  await request(log, "alice", app, "PATCH /tasks/task-gone", { body: { title: "Gone" } });
  await request(log, "alice", app, "PATCH /tasks/task-gone/move", { body: { listId: "list-done" } });
  await request(log, "alice", app, "DELETE /tasks/task-gone");
  expect(heard, "what the consumers have heard").toEqual({ streams: [], sockets: [], webhooks: [] });
});

test("of a batch that is refused nothing is heard, not even what went well before", async ({ log }) => {
  const { app, bus } = demoApp(log);
  const heard: string[] = [];
  bus.subscribe("board:*", "mine", (event) => void heard.push(nameOf(event)));
  await request(log, "alice", app, "POST /tasks/batch", { body: { tasks: [PAINT, PAINT] } });
  expect(heard, "what a listener has heard of a batch that was undone").toEqual([]);
});

test("a batch is heard when all of it is committed, in order", async ({ log }) => {
  const { app, bus, database } = demoApp(log);
  const heard: string[] = [];
  bus.subscribe("board:*", "mine", (event) => {
    heard.push(`${nameOf(event)}, ${database.inTransaction ? "before" : "after"} the commit`);
  });
  await request(log, "alice", app, "POST /tasks/batch", { body: { tasks: [PAINT, WALL] } });
  expect(heard, "what a listener has heard, and when").toEqual([
    "10 task_created, after the commit",
    "11 task_created, after the commit",
  ]);
});

test("no answer waits for a webhook that never finishes", async ({ log }) => {
  let finish = () => {};
  const never = new Promise<void>((resolve) => {
    finish = resolve;
  });
  onTestFinished(finish);
  const { app } = demoApp(log, () => never);
  log("the server behind the webhook does not answer");
  const answer = request(log, "alice", app, "POST /tasks", { body: PAINT });
  await settled("the answer to alice", answer, 300);
});

test("after close the three hear nothing, and others on the bus still do", async ({ log }) => {
  const { app, bus, heard } = demoApp(log);
  const others: string[] = [];
  bus.subscribe("board:*", "mine", (event) => void others.push(nameOf(event)));
  log("app.close()");
  app.close();
  await request(log, "alice", app, "POST /tasks", { body: PAINT });
  expect({ ...heard, others }, "who has heard of a change after close()").toEqual({
    streams: [],
    sockets: [],
    webhooks: [],
    others: ["10 task_created"],
  });
});
