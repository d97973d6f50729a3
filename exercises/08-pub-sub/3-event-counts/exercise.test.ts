import { expect } from "vitest";
import { createBoardBus } from "../../../chapters/08-pub-sub/board-topics.ts";
import { accepted, demoBoard } from "../../../shared/testing/demo-board.ts";
import { request } from "../../../shared/testing/exercise-clients.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createCountsApp, type EventLog } from "./exercise.ts";

const ROUTE = "GET /admin/event-counts";

/** The demo board: board-1 has 9 events, board-2 has one. */
function demoApp(log: Log) {
  const { boards } = demoBoard();
  const bus = createBoardBus({
    onTrouble: ({ subscriber, kind }) => log(`the bus: "${subscriber}" ${kind}`),
  });
  const state = {
    reads: 0,
    readAfter: [] as number[],
    failing: [] as readonly string[],
    held: Promise.resolve(),
  };
  const eventLog: EventLog = {
    async boards() {
      if (state.failing.includes("the list of boards")) throw new Error("the database is busy");
      return BOTH;
    },
    async after(boardId, seq) {
      state.reads += 1;
      if (boardId === "board-1") state.readAfter.push(seq);
      const { events } = accepted(boards.eventsAfter(boardId, { seq }, 1_000));
      const { held } = state;
      const isFailing = state.failing.includes(boardId);
      log(`log.after("${boardId}", ${seq})${isFailing ? " fails" : ""}`);
      if (isFailing) throw new Error("the database is busy");
      await held;
      return events;
    },
  };
  return {
    state,
    bus,
    /** Makes the log wait, and returns what lets it go on. */
    hold() {
      let release = () => {};
      state.held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    open: () =>
      createCountsApp({
        log: eventLog,
        bus,
        userOf: ({ headers }) => headers.get("x-user") ?? undefined,
        isAdmin: (userId) => userId === "alice",
      }),
    /** Commits an event, and tells nobody. */
    commit() {
      const event = accepted(boards.createTask("alice", { listId: "list-todo", title: "Buy paint" }));
      log(`event ${event.seq} of board-1 is committed`);
      return event;
    },
    announce(event: Parameters<typeof bus.announce>[0]) {
      log(`the bus tells of event ${event.seq}`);
      bus.announce(event);
    },
  };
}

const BOTH = ["board-1", "board-2"];
const asAlice = { headers: { "x-user": "alice" } };

/** After it, everything that promises have to do has been done. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("an admin sees how many events the log has, right after the start", async ({ log }) => {
  const { open } = demoApp(log);
  const { body } = await request(log, "alice", open(), ROUTE, asAlice);
  expect(body, "the counts").toEqual({ boards: { "board-1": 9, "board-2": 1 } });
});

test("to everybody else there is no such route", async ({ log }) => {
  const { open } = demoApp(log);
  const app = open();
  const nowhere = await request(log, "bob", app, "GET /nowhere", { headers: { "x-user": "bob" } });
  const bob = await request(log, "bob", app, ROUTE, { headers: { "x-user": "bob" } });
  const nobody = await request(log, "nobody", app, ROUTE);
  const answers = [bob, nobody].map(({ status, body }) => ({ status, body }));
  const missing = { status: nowhere.status, body: nowhere.body };
  expect(answers, "the answers to bob and to somebody who is not signed in").toEqual([missing, missing]);
});

test("a message that comes twice, or late, counts nothing twice", async ({ log }) => {
  const { open, commit, announce } = demoApp(log);
  const app = open();
  await request(log, "alice", app, ROUTE, asAlice);
  const [first, second] = [commit(), commit()];
  for (const event of [second, second, first]) announce(event);
  await turn();
  const { body } = await request(log, "alice", app, ROUTE, asAlice);
  expect(body.boards["board-1"], "the count of board-1, which has 11 events").toBe(11);
});

test("what the bus has lost is counted with the next message", async ({ log }) => {
  const { open, commit, announce, state } = demoApp(log);
  const app = open();
  await request(log, "alice", app, ROUTE, asAlice);
  state.readAfter = [];
  const early = commit();
  commit();
  log("(the bus loses it)");
  announce(early);
  await turn();
  const { body } = await request(log, "alice", app, ROUTE, asAlice);
  const found = { count: body.boards["board-1"], readAfter: state.readAfter[0] };
  expect(found, "the count of board-1, which has 11 events, and after which seq the log was read").toEqual({
    count: 11,
    readAfter: 9,
  });
});

test("an event that is committed while the log is read at the start is counted, once", async ({ log }) => {
  const { open, commit, announce, hold } = demoApp(log);
  const release = hold();
  const app = open();
  await turn();
  log("the log takes its time");
  announce(commit());
  await turn();
  release();
  await turn();
  const { body } = await request(log, "alice", app, ROUTE, asAlice);
  expect(body.boards, "the counts, when board-1 has 10 events").toEqual({ "board-1": 10, "board-2": 1 });
});

test("an event that is committed while a message is being followed up is counted too", async ({ log }) => {
  const { open, commit, announce, hold } = demoApp(log);
  const app = open();
  await request(log, "alice", app, ROUTE, asAlice);
  const release = hold();
  announce(commit());
  await turn();
  log("the log takes its time");
  announce(commit());
  await turn();
  release();
  await turn();
  const { body } = await request(log, "alice", app, ROUTE, asAlice);
  expect(body.boards["board-1"], "the count of board-1, which has 11 events").toBe(11);
});

test("a read that has failed is made up for by the next message", async ({ log }) => {
  const { open, commit, announce, state } = demoApp(log);
  const app = open();
  await request(log, "alice", app, ROUTE, asAlice);
  state.failing = BOTH;
  commit();
  log("(the bus loses it)");
  announce(commit());
  await turn();
  const early = await request(log, "alice", app, ROUTE, asAlice);
  state.failing = [];
  announce(commit());
  await turn();
  const late = await request(log, "alice", app, ROUTE, asAlice);
  const counts = [early, late].map(({ body }) => body.boards["board-1"]);
  expect(counts, "the count of board-1, after the read that failed and after the next").toEqual([9, 12]);
});

test("a start that has failed is made up for by the next message", async ({ log }) => {
  const { open, commit, announce, state } = demoApp(log);
  state.failing = ["the list of boards"];
  const app = open();
  const { status } = await request(log, "alice", app, ROUTE, asAlice);
  state.failing = [];
  announce(commit());
  await turn();
  const { body } = await request(log, "alice", app, ROUTE, asAlice);
  const count = body.boards?.["board-1"];
  expect({ status, count }, "the status of the first answer, and then the count of board-1").toEqual({
    status: 200,
    count: 10,
  });
});

test("a board that cannot be read at the start keeps no other from being counted", async ({ log }) => {
  const { open, state, hold } = demoApp(log);
  state.failing = ["board-1"];
  const release = hold();
  const app = open();
  const asked = request(log, "alice", app, ROUTE, asAlice);
  await turn();
  log("the log takes its time for board-2");
  release();
  const { body } = await asked;
  expect(body.boards?.["board-2"], "the count of board-2, which has 1 event").toBe(1);
});

test("a request reads nothing from the log", async ({ log }) => {
  const { open, state } = demoApp(log);
  const app = open();
  await request(log, "alice", app, ROUTE, asAlice);
  const before = state.reads;
  await request(log, "alice", app, ROUTE, asAlice);
  expect(state.reads - before, "how often a second request has read the log").toBe(0);
});
