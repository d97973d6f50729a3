import { expect, onTestFinished, test, vi } from "vitest";
import { createWaiters } from "./waiters.ts";

const never = () => new AbortController().signal;

test("a waiter ends once, for the first reason", async () => {
  const waiters = createWaiters();
  const waiter = waiters.register("board-1", 10_000, never());
  waiters.wake("board-1");
  waiter.release();
  waiters.close();
  expect(await waiter.done).toBe("changed");
  expect(waiters.size).toBe(0);
});

test("every end removes the waiter, its timer and its listener", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const waiters = createWaiters();
  const hangUp = new AbortController();
  const already = AbortSignal.abort();
  const ends = [
    waiters.register("board-1", 5, never()),
    waiters.register("board-1", 10_000, hangUp.signal),
    waiters.register("board-1", 10_000, already),
    waiters.register("board-2", 10_000, never()),
  ];
  expect(waiters.size).toBe(3);
  const removed = vi.spyOn(hangUp.signal, "removeEventListener");
  hangUp.abort();
  vi.advanceTimersByTime(5);
  expect(await Promise.all(ends.slice(0, 3).map((waiter) => waiter.done))).toEqual([
    "timeout",
    "gone",
    "gone",
  ]);
  waiters.close();
  expect(await ends[3]?.done).toBe("closed");
  expect(waiters.size).toBe(0);
  expect([waiters.size, waiters.boards]).toEqual([0, 0]);
  expect(vi.getTimerCount()).toBe(0);
  expect(removed).toHaveBeenCalledTimes(1);
});

test("a client that asks again from inside its answer is a new waiter, not woken by the old event", async () => {
  const waiters = createWaiters();
  const first = waiters.register("board-1", 10_000, never());
  const second = first.done.then(() => waiters.register("board-1", 30, never()));
  waiters.wake("board-1");
  expect(await (await second).done).toBe("timeout");
});

test("waking a board that nobody follows does nothing", () => {
  const waiters = createWaiters();
  waiters.wake("board-1");
  expect(waiters.size).toBe(0);
});
