import { expect, onTestFinished, test, vi } from "vitest";
import type { SignalMessage } from "../../board/messages.ts";
import { createBoardSignals } from "./board-signals.ts";

const BOARD = "board-1";
const PRESENCE = { type: "presence", boardId: BOARD, users: ["alice"], typing: [] } as const;

function createBench() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const said: SignalMessage[] = [];
  const signals = createBoardSignals(
    100,
    (message) => said.push(message),
    () => PRESENCE,
  );
  onTestFinished(() => signals.close());
  const change = (type: "user_joined" | "user_left", userId: string) =>
    signals.add(BOARD, { type, boardId: BOARD, userId });
  return { said, signals, change };
}

test("after a silence a change is said at once", () => {
  const { said, change } = createBench();
  change("user_joined", "bob");
  expect(said).toEqual([{ type: "user_joined", boardId: BOARD, userId: "bob" }]);
  vi.advanceTimersByTime(250);
  change("user_left", "bob");
  expect(said.length).toBe(2);
  vi.advanceTimersByTime(250);
  expect(vi.getTimerCount()).toBe(0);
});

test("what cancels out within a moment is not said", () => {
  const { said, signals, change } = createBench();
  change("user_joined", "alice");
  change("user_joined", "bob");
  change("user_joined", "carol");
  change("user_left", "bob");
  signals.add(BOARD, { type: "user_typing", boardId: BOARD, userId: "carol", taskId: "task-1" });
  signals.add(BOARD, { type: "user_stopped_typing", boardId: BOARD, userId: "carol", taskId: "task-1" });
  signals.add(BOARD, { type: "user_typing", boardId: BOARD, userId: "carol", taskId: "task-2" });
  vi.advanceTimersByTime(101);
  expect(said.slice(1)).toEqual([
    { type: "user_joined", boardId: BOARD, userId: "carol" },
    { type: "user_typing", boardId: BOARD, userId: "carol", taskId: "task-2" },
  ]);
});

test("whoever has come in between hears how it has ended", () => {
  const { said, signals, change } = createBench();
  change("user_joined", "alice");
  vi.advanceTimersByTime(101);
  change("user_joined", "erin");
  change("user_joined", "bob");
  change("user_left", "alice");
  // Carol is told that Bob is there, and that Alice is not.
  signals.onRead(BOARD);
  change("user_left", "bob");
  change("user_joined", "alice");
  // To the others Alice was there all the time, so it still matters.
  change("user_left", "alice");
  // Of Dave nobody has heard.
  change("user_joined", "dave");
  change("user_left", "dave");
  vi.advanceTimersByTime(101);
  expect(said.slice(2)).toEqual([
    { type: "user_left", boardId: BOARD, userId: "bob" },
    { type: "user_left", boardId: BOARD, userId: "alice" },
  ]);
  change("user_joined", "bob");
  change("user_left", "bob");
  vi.advanceTimersByTime(101);
  expect(said.length).toBe(4);
});

test("under churn it is said how things are, ten times a second at most", () => {
  const { said, change } = createBench();
  for (let each = 0; each < 1_000; each += 1) {
    change("user_joined", `user-${each}`);
    if (each % 10 === 9) vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(100);
  expect(said.length).toBeLessThanOrEqual(4);
  expect(said.at(-1)).toEqual(PRESENCE);
});
