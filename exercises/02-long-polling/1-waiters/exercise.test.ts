import { expect, onTestFinished, vi } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createWaiters, type WaitEnd } from "./exercise.ts";

interface Asked {
  readonly boardId?: string;
  readonly timeoutS?: number;
  readonly signal?: AbortSignal;
  readonly atEnd?: (end: WaitEnd) => void;
}

/** Waiters, and a clock that the test turns. */
function start(log: Log) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const startedAt = Date.now();
  const waiters = createWaiters();
  /** Who was told what, in order. */
  const told: string[] = [];

  function ask(who: string, { boardId = "board-1", timeoutS = 25, signal, atEnd }: Asked = {}): void {
    log(`${who} asks for news of ${boardId} and waits ${timeoutS} s at most`);
    waiters.register({
      boardId,
      timeoutMs: timeoutS * 1_000,
      signal: signal ?? new AbortController().signal,
      onEnd(end: WaitEnd) {
        const line = `${who}: ${end}, after ${(Date.now() - startedAt) / 1_000} s`;
        log(`told to ${line}`);
        told.push(line);
        atEnd?.(end);
      },
    });
  }

  return {
    waiters,
    told,
    ask,
    wake(boardId = "board-1") {
      log(`something changes on ${boardId}`);
      waiters.wake(boardId);
    },
    pass(seconds: number) {
      log(`${seconds} s pass`);
      vi.advanceTimersByTime(seconds * 1_000);
    },
    close() {
      log("the server is about to stop");
      waiters.close();
    },
    left: () => ({ waiting: waiters.size, boards: waiters.boards, timers: vi.getTimerCount() }),
  };
}

test("a change ends the waits for its board, and no others", ({ log }) => {
  const { ask, wake, told } = start(log);
  ask("alice");
  ask("bob");
  ask("bob's second tab");
  ask("carol", { boardId: "board-2" });
  wake("board-1");
  expect(told, "who was told what").toEqual([
    "alice: changed, after 0 s",
    "bob: changed, after 0 s",
    "bob's second tab: changed, after 0 s",
  ]);
});

test("each wait ends by itself when its own time is up", ({ log }) => {
  const { ask, pass, told } = start(log);
  ask("bob");
  pass(10);
  ask("alice");
  pass(60);
  expect(told, "who was told what").toEqual(["bob: timeout, after 25 s", "alice: timeout, after 35 s"]);
});

test("a client that hangs up is told so, also when it did before its question was heard", ({ log }) => {
  const { ask, told } = start(log);
  const hangUp = new AbortController();
  ask("bob", { signal: hangUp.signal });
  log("bob hangs up");
  hangUp.abort();
  ask("carol (already gone)", { signal: AbortSignal.abort() });
  expect(told, "who was told what").toEqual([
    "bob: gone, after 0 s",
    "carol (already gone): gone, after 0 s",
  ]);
});

test("whatever ended a wait, nothing of it is left", ({ log }) => {
  const { ask, pass, wake, left } = start(log);
  const hangUp = new AbortController();
  ask("alice", { boardId: "board-1", timeoutS: 5 });
  ask("bob", { boardId: "board-2" });
  ask("carol", { boardId: "board-3", signal: hangUp.signal });
  pass(5);
  wake("board-2");
  log("carol hangs up");
  hangUp.abort();
  expect(left(), "what is left when all three waits are over").toEqual({ waiting: 0, boards: 0, timers: 0 });
});

test("when it is said that a wait is over, nothing of it is left already", ({ log }) => {
  const { ask, pass, wake, left } = start(log);
  const seen: object[] = [];
  ask("alice", { boardId: "board-1", timeoutS: 5, atEnd: (end) => seen.push({ end, ...left() }) });
  ask("bob", { boardId: "board-2", atEnd: (end) => seen.push({ end, ...left() }) });
  pass(5);
  wake("board-2");
  expect(seen, "what is left when each of them is told").toEqual([
    { end: "timeout", waiting: 1, boards: 1, timers: 1 },
    { end: "changed", waiting: 0, boards: 0, timers: 0 },
  ]);
});

test("when one of two has stopped waiting, the other one is still woken", ({ log }) => {
  const { ask, wake, told, left } = start(log);
  const hangUp = new AbortController();
  ask("alice", { signal: hangUp.signal });
  ask("bob");
  log("alice hangs up");
  hangUp.abort();
  const bobsWait = left();
  wake();
  expect({ bobsWait, told }, "what is left while only Bob waits, and who was told what").toEqual({
    bobsWait: { waiting: 1, boards: 1, timers: 1 },
    told: ["alice: gone, after 0 s", "bob: changed, after 0 s"],
  });
});

test("a wait ends once, for the first reason", ({ log }) => {
  const { ask, wake, pass, told } = start(log);
  const hangUp = new AbortController();
  ask("bob", { signal: hangUp.signal });
  wake();
  wake();
  log("bob has his answer and hangs up");
  hangUp.abort();
  pass(60);
  expect(told, "who was told what").toEqual(["bob: changed, after 0 s"]);
});

test("a client that asks again from inside its answer waits for the next change", ({ log }) => {
  const { ask, wake, told } = start(log);
  ask("bob", { atEnd: () => ask("bob's second question") });
  ask("alice");
  wake();
  log("a fence: whoever still waits is told now");
  told.push("the next change");
  wake();
  expect(told, "who was told what").toEqual([
    "bob: changed, after 0 s",
    "alice: changed, after 0 s",
    "the next change",
    "bob's second question: changed, after 0 s",
  ]);
});

test("a server that stops answers everybody, and keeps nobody waiting from then on", ({ log }) => {
  const { ask, close, told, left } = start(log);
  ask("bob");
  ask("carol", { boardId: "board-2" });
  close();
  ask("alice");
  expect({ told, ...left() }, "who was told what, and what is left").toEqual({
    told: ["bob: closed, after 0 s", "carol: closed, after 0 s", "alice: closed, after 0 s"],
    waiting: 0,
    boards: 0,
    timers: 0,
  });
});

test("a client that asks again while the server stops is not kept waiting either", ({ log }) => {
  const { ask, close, told } = start(log);
  ask("bob", { atEnd: () => ask("bob's second question") });
  close();
  expect(told, "who was told what").toEqual([
    "bob: closed, after 0 s",
    "bob's second question: closed, after 0 s",
  ]);
});
