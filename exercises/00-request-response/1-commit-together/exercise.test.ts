import { expect } from "vitest";
import { accepted, demoBoard } from "../../../shared/testing/demo-board.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { type Rename, renameList } from "./exercise.ts";

const NOON = Date.parse("2026-11-21T12:00:00.000Z");
const LATER: Rename = { listId: "list-todo", name: "Later", actorId: "bob" };

function openBoard(log: Log) {
  const { database, boards } = demoBoard(() => NOON);
  log('board-1 is at seq 9, and its list-todo is called "To do"');
  const read = (sql: string) => database.prepare(sql).pluck();
  return {
    database,
    boards,
    /** What came of it, in words. */
    rename(wanted: Rename): string {
      log(`renameList(${JSON.stringify(wanted)})`);
      const outcome = outcomeOf(() => `returned ${renameList(database, wanted, () => NOON)}`);
      log(`it ${outcome}`);
      return outcome;
    },
    /** What is in the database. */
    state: () => ({
      name: read("SELECT name FROM lists WHERE id = 'list-todo'").get(),
      seq: read("SELECT seq FROM boards WHERE id = 'board-1'").get(),
      newEvents: read("SELECT seq || ' ' || type FROM events WHERE board_id = 'board-1' AND seq > 9").all(),
    }),
    run(step: string, sql: string) {
      log(step);
      database.exec(sql);
    },
  };
}

function outcomeOf(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return `threw: ${(error as Error).message}`;
  }
}

const FULL = "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";

test("a renamed list has its new name, and the log has the event under the board's next seq", ({ log }) => {
  const { boards, rename, state } = openBoard(log);
  const outcome = rename(LATER);
  const list = { id: "list-todo", name: "Later", position: "a0" };
  const event = { type: "list_renamed", boardId: "board-1", actorId: "bob", data: { list } };
  const page = boards.eventsAfter("board-1", { seq: 9 }, 100);
  expect({ outcome, ...state(), page }, "what it returned, and the board after it").toEqual({
    outcome: "returned 10",
    name: "Later",
    seq: 10,
    newEvents: ["10 list_renamed"],
    page: { events: [{ seq: 10, at: "2026-11-21T12:00:00.000Z", ...event }], seq: 10, more: false },
  });
});

test("when the event cannot be written, the list keeps its name and the board its seq", ({ log }) => {
  const { rename, state, run } = openBoard(log);
  run("from now on, no event can be written: the disk is full", FULL);
  expect({ outcome: rename(LATER), ...state() }, "what it did, and the board after it").toEqual({
    outcome: "threw: the disk is full",
    name: "To do",
    seq: 9,
    newEvents: [],
  });
});

test("when the list cannot be renamed, the log does not say that it was", ({ log }) => {
  const { rename, state, run } = openBoard(log);
  run(
    "from now on, no list can be changed: the table is locked",
    "CREATE TRIGGER locked BEFORE UPDATE ON lists BEGIN SELECT RAISE(ABORT, 'the table is locked'); END",
  );
  expect({ outcome: rename(LATER), ...state() }, "what it did, and the board after it").toEqual({
    outcome: "threw: the table is locked",
    name: "To do",
    seq: 9,
    newEvents: [],
  });
});

test("when the counter cannot be raised, the list keeps its name", ({ log }) => {
  const { rename, state, run } = openBoard(log);
  run(
    "from now on, no board's row can be changed: it is locked",
    "CREATE TRIGGER locked BEFORE UPDATE ON boards BEGIN SELECT RAISE(ABORT, 'the board is locked'); END",
  );
  expect({ outcome: rename(LATER), ...state() }, "what it did, and the board after it").toEqual({
    outcome: "threw: the board is locked",
    name: "To do",
    seq: 9,
    newEvents: [],
  });
});

test("after a failure the next rename works, and no seq is missing", ({ log }) => {
  const { rename, state, run } = openBoard(log);
  run("from now on, no event can be written: the disk is full", FULL);
  rename(LATER);
  run("somebody makes room on the disk", "DROP TRIGGER full");
  expect({ outcome: rename({ ...LATER, name: "Soon" }), ...state() }, "the board after both").toEqual({
    outcome: "returned 10",
    name: "Soon",
    seq: 10,
    newEvents: ["10 list_renamed"],
  });
});

test("a seq is not given again after old events were deleted", ({ log }) => {
  const { rename, run } = openBoard(log);
  run("the board's events 1 to 4 are deleted, because they are old", "DELETE FROM events WHERE seq <= 4");
  const outcomes = [rename(LATER)];
  run("now all of its events are deleted", "DELETE FROM events");
  outcomes.push(rename({ ...LATER, name: "Soon" }));
  expect(outcomes, "what the two renames did").toEqual(["returned 10", "returned 11"]);
});

test("each board counts its own events", ({ log }) => {
  const { boards, database, rename } = openBoard(log);
  accepted(boards.createList("carol", "board-2", { id: "list-carol", name: "Ideas" }));
  log("carol adds list-carol to board-2, which is at seq 2 now");
  const outcomes = [rename({ listId: "list-carol", name: "Plans", actorId: "carol" }), rename(LATER)];
  const seqs = database.prepare("SELECT id || ' is at ' || seq FROM boards ORDER BY id").pluck().all();
  expect(
    { outcomes, seqs },
    "what the rename on board-2 and the one on board-1 did, and the counters",
  ).toEqual({
    outcomes: ["returned 3", "returned 10"],
    seqs: ["board-1 is at 10", "board-2 is at 3"],
  });
});
