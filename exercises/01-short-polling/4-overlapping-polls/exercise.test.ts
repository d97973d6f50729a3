import { expect, onTestFinished, vi } from "vitest";
import type { LogPage } from "../../../shared/board.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { followBoard } from "./exercise.ts";

const INTERVAL_MS = 1_000;
const NOON = Date.parse("2026-11-21T12:00:00.000Z");

interface Server {
  /** How long the answers to the first questions take, in milliseconds; after these, 100. */
  readonly answersAfterMs?: readonly number[];
  /** Questions that fail instead: 1 is the first one. */
  readonly failing?: readonly number[];
}

/** Bob follows a board whose log is at 9. Time stands still until the test moves it. */
function follow(log: Log, { answersAfterMs = [], failing = [] }: Server) {
  vi.useFakeTimers({ now: NOON });
  onTestFinished(() => void vi.useRealTimers());
  const written: LogPage["events"][number][] = [];
  const applied: number[] = [];
  /** Those that differ from the one before. */
  const states: string[] = [];
  let asked = 0;
  let underWay = 0;
  let mostUnderWay = 0;
  const say = (text: string) => log(`${Date.now() - NOON} ms: ${text}`);

  async function ask(after: number): Promise<LogPage> {
    asked += 1;
    const question = asked;
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    say(`question ${question}: what comes after ${after}?`);
    const events = written.filter(({ seq }) => seq > after);
    await new Promise((resolve) => setTimeout(resolve, answersAfterMs[question - 1] ?? 100));
    underWay -= 1;
    if (failing.includes(question)) {
      say(`question ${question} fails`);
      throw new Error("The server cannot be reached.");
    }
    say(`answer ${question}: ${events.map(({ seq }) => seq).join(" and ") || "nothing"}`);
    return { events, seq: events.at(-1)?.seq ?? after, more: false };
  }

  function onEvents(events: LogPage["events"]): void {
    for (const { seq } of events) applied.push(seq);
    say(`applied ${events.map(({ seq }) => seq).join(" and ") || "nothing"}`);
  }

  function onState(state: string): void {
    if (states.at(-1) !== state) states.push(state);
    say(`bob is shown "${state}"`);
  }

  return {
    applied,
    states,
    asked: () => asked,
    mostUnderWay: () => mostUnderWay,
    start: () => followBoard({ seq: 9, intervalMs: INTERVAL_MS, ask, onEvents, onState }),
    write(seq: number, at = new Date().toISOString()): void {
      const event = { seq, at, type: "task_deleted", boardId: "board-1", actorId: "alice" } as const;
      written.push({ ...event, data: { taskId: `task-${seq}`, listId: "list-todo" } });
      say(`event ${seq} is written to the log`);
    },
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  };
}

test("every event is applied once and in order, though an answer is late", async ({ log }) => {
  const { applied, start, write, pass } = follow(log, { answersAfterMs: [2_500] });
  write(10);
  onTestFinished(start());
  await pass(500);
  write(11);
  await pass(6_000);
  expect(applied, "the events that were applied").toEqual([10, 11]);
});

test("questions do not pile up at a server that is slow", async ({ log }) => {
  const { mostUnderWay, start, pass } = follow(log, { answersAfterMs: [5_000, 5_000] });
  onTestFinished(start());
  await pass(8_000);
  expect(mostUnderWay(), "the most questions under way at the same time").toBe(1);
});

test("a server that is always slower than the interval is heard all the same", async ({ log }) => {
  const { applied, start, write, pass } = follow(log, { answersAfterMs: Array(20).fill(1_500) });
  write(10);
  onTestFinished(start());
  await pass(6_000);
  expect(applied, "the events that were applied").toEqual([10]);
});

test("two events of the same millisecond are both applied", async ({ log }) => {
  const { applied, start, write, pass } = follow(log, {});
  write(10);
  onTestFinished(start());
  await pass(500);
  write(11, new Date(NOON).toISOString());
  await pass(6_000);
  expect(applied, "the events that were applied").toEqual([10, 11]);
});

test("after a question that failed it asks again", async ({ log }) => {
  const { applied, start, write, pass } = follow(log, { failing: [1] });
  write(10);
  onTestFinished(start());
  await pass(6_000);
  expect(applied, "the events that were applied").toEqual([10]);
});

test("the user is shown what is going on", async ({ log }) => {
  const { states, start, pass } = follow(log, { failing: [2] });
  onTestFinished(start());
  await pass(6_000);
  expect(states, "the states that were shown").toEqual(["live", "waiting", "live"]);
});

test("when it is stopped between two questions, there is no other one", async ({ log }) => {
  const { asked, start, pass } = follow(log, {});
  const stop = start();
  await pass(1_500);
  log("1500 ms: bob closes the board");
  stop();
  await pass(6_000);
  expect(asked(), "the number of questions").toBe(2);
});

test("when it is stopped while a question is under way, that was the last one", async ({ log }) => {
  const { applied, asked, states, start, write, pass } = follow(log, { answersAfterMs: [500] });
  write(10);
  const stop = start();
  await pass(200);
  log("200 ms: bob closes the board");
  stop();
  await pass(6_000);
  expect({ questions: asked(), applied, states }, "the questions, and what was applied and shown").toEqual({
    questions: 1,
    applied: [],
    states: [],
  });
});
