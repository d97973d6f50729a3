import { expect, onTestFinished, vi } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createTyping } from "./exercise.ts";

/** Typing that lasts 5 s, and a clock that the test turns. */
function start(log: Log) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const startedAt = Date.now();
  const told: string[] = [];
  const typing = createTyping(({ type, boardId, userId }) => {
    const line = `${(Date.now() - startedAt) / 1_000} s: ${type} ${userId} on ${boardId}`;
    log(`told at ${line}`);
    told.push(line);
  }, 5_000);
  return {
    told,
    type(userId: string, boardId = "board-1") {
      log(`${userId} types on ${boardId}`);
      typing.type(boardId, userId);
    },
    stop(userId: string, boardId = "board-1") {
      log(`${userId} stops on ${boardId}`);
      typing.stop(boardId, userId);
    },
    leave(userId: string) {
      log(`${userId}'s connection is gone`);
      typing.leave(userId);
    },
    pass(seconds: number) {
      log(`${seconds} s pass`);
      vi.advanceTimersByTime(seconds * 1_000);
    },
  };
}

test("typing is told, and ends by itself after 5 s", ({ log }) => {
  const { type, pass, told } = start(log);
  type("bob");
  pass(60);
  expect(told, "what was told").toEqual([
    "0 s: user_typing bob on board-1",
    "5 s: user_stopped_typing bob on board-1",
  ]);
});

test("whoever goes on typing is told once, and has stopped 5 s after the last sign", ({ log }) => {
  const { type, pass, told } = start(log);
  type("bob");
  pass(3);
  type("bob");
  pass(3);
  type("bob");
  pass(60);
  expect(told, "what was told").toEqual([
    "0 s: user_typing bob on board-1",
    "11 s: user_stopped_typing bob on board-1",
  ]);
});

test("a stop is told at once, and only once", ({ log }) => {
  const { type, stop, pass, told } = start(log);
  type("bob");
  pass(1);
  type("bob");
  pass(1);
  type("bob");
  stop("bob");
  const timers = vi.getTimerCount();
  pass(60);
  expect({ told, timers }, "what was told, and how many timers ran after the stop").toEqual({
    told: ["0 s: user_typing bob on board-1", "2 s: user_stopped_typing bob on board-1"],
    timers: 0,
  });
});

test("whoever begins again has the whole time again", ({ log }) => {
  const { type, stop, pass, told } = start(log);
  type("bob");
  pass(2);
  stop("bob");
  pass(2);
  type("bob");
  pass(60);
  expect(told, "what was told").toEqual([
    "0 s: user_typing bob on board-1",
    "2 s: user_stopped_typing bob on board-1",
    "4 s: user_typing bob on board-1",
    "9 s: user_stopped_typing bob on board-1",
  ]);
});

test("whoever does not type has nothing to stop", ({ log }) => {
  const { type, stop, leave, pass, told } = start(log);
  stop("bob");
  leave("bob");
  type("alice");
  pass(5);
  stop("alice");
  expect(told, "what was told").toEqual([
    "0 s: user_typing alice on board-1",
    "5 s: user_stopped_typing alice on board-1",
  ]);
});

test("two people who type are two", ({ log }) => {
  const { type, pass, told } = start(log);
  type("alice");
  pass(3);
  type("bob");
  pass(60);
  expect(told, "what was told").toEqual([
    "0 s: user_typing alice on board-1",
    "3 s: user_typing bob on board-1",
    "5 s: user_stopped_typing alice on board-1",
    "8 s: user_stopped_typing bob on board-1",
  ]);
});

test("whoever has gone types nowhere any more", ({ log }) => {
  const { type, leave, pass, told } = start(log);
  type("bob", "board-1");
  type("bob", "board-2");
  type("alice", "board-1");
  pass(1);
  const before = told.slice();
  leave("bob");
  // In any order.
  const atOnce = told.slice(before.length).sort();
  expect(
    { before, atOnce, timers: vi.getTimerCount() },
    "what was told before Bob had gone and then, and how many timers still run (Alice has one)",
  ).toEqual({
    before: [
      "0 s: user_typing bob on board-1",
      "0 s: user_typing bob on board-2",
      "0 s: user_typing alice on board-1",
    ],
    atOnce: ["1 s: user_stopped_typing bob on board-1", "1 s: user_stopped_typing bob on board-2"],
    timers: 1,
  });
});
