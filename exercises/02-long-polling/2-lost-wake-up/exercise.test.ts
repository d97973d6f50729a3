import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { longPoll, type Page, type Waiter } from "./exercise.ts";

type End = "changed" | "timeout";

/** A board whose log is at 9, and what `longPoll` is given. Nothing in it takes real time. */
function createBoard(log: Log) {
  const events = Array.from({ length: 9 }, (_, index) => ({ seq: index + 1, type: "task_created" }));
  const waiting = new Set<(end: End) => void>();

  function change(): void {
    const event = { seq: events.length + 1, type: "task_moved" };
    events.push(event);
    log(`alice moves a task: event ${event.seq}. It wakes ${waiting.size === 0 ? "nobody" : "Bob"}`);
    for (const end of [...waiting]) end("changed");
  }

  const hooks: { whileReading?: (() => void) | undefined; beforeRegister?: (() => void) | undefined } = {};
  function once(name: keyof typeof hooks): void {
    const hook = hooks[name];
    hooks[name] = undefined;
    hook?.();
  }

  return {
    change,
    hooks,
    waiting,

    register(): Waiter {
      once("beforeRegister");
      log("a waiter is registered");
      let end: (end: End) => void = () => {};
      const done = new Promise<End>((resolve) => {
        end = (reason) => {
          waiting.delete(end);
          resolve(reason);
        };
      });
      waiting.add(end);
      return { done, release: () => void waiting.delete(end) };
    },

    /** @param after Bob's cursor */
    read: async (after: number): Promise<Page> => {
      const page = { events: events.slice(after), seq: events.length };
      log(`the log is read: ${page.events.length === 0 ? "nothing" : "something"} after ${after}`);
      once("whileReading");
      await null;
      return page;
    },

    timeOut(): void {
      for (const end of [...waiting]) end("timeout");
    },
  };
}

type Board = ReturnType<typeof createBoard>;

/** Lets everything happen that needs no time. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 0));

function ask(log: Log, { register, read }: Board, after: number): Promise<Response> {
  log(`bob → GET /boards/board-1/poll?after=${after}`);
  return longPoll({ register, read: () => read(after) });
}

/** What Bob gets in the end, and for how long he has waited for it after all that the test did. */
async function outcome(log: Log, board: Board, answer: Promise<Response>) {
  let result: object | undefined;
  answer.then(
    async (response) => {
      const text = await response.text();
      result = { status: response.status, page: text === "" ? "none" : JSON.parse(text) };
    },
    (error) => {
      result = { failed: String(error) };
    },
  );
  await rest();
  let waited = "0 s";
  if (!result) {
    log("25 s pass");
    board.timeOut();
    await rest();
    waited = "25 s";
  }
  log(`bob ← ${JSON.stringify(result) ?? "nothing"}`);
  return { ...result, waited };
}

const event10 = { events: [{ seq: 10, type: "task_moved" }], seq: 10 };

test("what is there already is answered at once", async ({ log }) => {
  const board = createBoard(log);
  expect(await outcome(log, board, ask(log, board, 8)), "Bob's answer").toEqual({
    status: 200,
    page: { events: [{ seq: 9, type: "task_created" }], seq: 9 },
    waited: "0 s",
  });
});

test("a change while Bob waits is answered with its event", async ({ log }) => {
  const board = createBoard(log);
  const answer = ask(log, board, 9);
  await rest();
  board.change();
  expect(await outcome(log, board, answer), "Bob's answer").toEqual({
    status: 200,
    page: event10,
    waited: "0 s",
  });
});

test("a change while the log is read is answered with its event", async ({ log }) => {
  const board = createBoard(log);
  board.hooks.whileReading = board.change;
  expect(await outcome(log, board, ask(log, board, 9)), "Bob's answer").toEqual({
    status: 200,
    page: event10,
    waited: "0 s",
  });
});

test("a change in the last moment before Bob can be woken is answered with its event", async ({ log }) => {
  const board = createBoard(log);
  board.hooks.beforeRegister = board.change;
  expect(await outcome(log, board, ask(log, board, 9)), "Bob's answer").toEqual({
    status: 200,
    page: event10,
    waited: "0 s",
  });
});

test("when nothing happens until Bob's time is up, the answer is 204", async ({ log }) => {
  const board = createBoard(log);
  expect(await outcome(log, board, ask(log, board, 9)), "Bob's answer").toEqual({
    status: 204,
    page: "none",
    waited: "25 s",
  });
});

test("an answer at once leaves no waiter behind", async ({ log }) => {
  const board = createBoard(log);
  await outcome(log, board, ask(log, board, 8));
  expect(board.waiting.size, "how many waiters are left").toBe(0);
});

test("a read that fails leaves no waiter behind, and Bob is told", async ({ log }) => {
  const board = createBoard(log);
  board.hooks.whileReading = () => {
    log("the database does not answer");
    throw new Error("no answer");
  };
  const { waited: _, ...result } = await outcome(log, board, ask(log, board, 9));
  expect({ ...result, waiters: board.waiting.size }, "Bob's answer, and how many waiters are left").toEqual({
    failed: "Error: no answer",
    waiters: 0,
  });
});

test("a later read that fails leaves no waiter behind either", async ({ log }) => {
  const board = createBoard(log);
  board.hooks.whileReading = () => {
    board.hooks.whileReading = () => {
      log("the database does not answer");
      throw new Error("no answer");
    };
  };
  const answer = ask(log, board, 9);
  let left = 0;
  answer.catch(() => {
    left = board.waiting.size;
  });
  await rest();
  board.change();
  await outcome(log, board, answer);
  expect(left, "how many waiters are left when Bob is told").toBe(0);
});
