import { describe, expect, onTestFinished, test, vi } from "vitest";
import { fakeTab } from "../../shared/testing/browser-globals.ts";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { followBoard } from "../../shared/testing/follow-board.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";
import { connect } from "./client.ts";
import { createWaiters } from "./waiters.ts";

function follow(waitMs = 10_000) {
  const { database, boards } = demoBoard();
  const waiters = createWaiters();
  const app = createApp({ database, waiters, waitMs });
  const tab = fakeTab(app);
  onTestFinished(() => app.close());
  const deleteTask = (id: string) => app.request(`/tasks/${id}`, { method: "DELETE" });
  return { tab, database, waiters, deleteTask, ...followBoard(connect, boards) };
}

describe("the client", () => {
  test("it is live before anything happens, and then an event costs one question", async () => {
    const { tab, states, waiters, received, deleteTask } = follow();
    await until("the long poll", () => waiters.size === 1);
    expect(states).toEqual(["live"]);
    expect(tab.requests.map((path) => path.split("?")[0])).toEqual([
      "/boards/board-1/updates",
      "/boards/board-1/poll",
    ]);
    for (const id of ["task-1", "task-2", "task-3"]) {
      await deleteTask(id);
      await until("the next question", () => waiters.size === 1);
    }
    expect(received.map((event) => event.seq)).toEqual([10, 11, 12]);
    expect(tab.requests).toHaveLength(5);
  });

  test("a 204 is no failure: it asks again at once", async () => {
    const { tab, states } = follow(20);
    await until("a few questions", () => tab.requests.length >= 5);
    expect(new Set(states)).toEqual(new Set(["live"]));
  });

  test("without a network it says so, pauses between its tries, and loses nothing", async () => {
    const { tab, states, waiters, received, deleteTask } = follow(20);
    await until("the first answer", () => states.at(-1) === "live");
    tab.isOffline = true;
    await until("the failure", () => states.at(-1) === "waiting");
    const tries = tab.requests.length;
    await deleteTask("task-1");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(tab.requests.length - tries).toBeLessThanOrEqual(1);
    tab.isOffline = false;
    await until("the event", () => received.length === 1);
    expect(states.at(-1)).toBe("live");
    expect(waiters.size).toBeLessThanOrEqual(1);
  });

  test("a connection that dies without a word is noticed within 40 s, and nothing is lost", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { tab, states, received, deleteTask } = follow(25_000);
    await vi.advanceTimersByTimeAsync(1_000);
    tab.isSilent = true;
    await vi.advanceTimersByTimeAsync(24_500); // the open question gets its 204, the next one gets nothing
    expect(states.at(-1)).toBe("live");
    await deleteTask("task-1");
    await vi.advanceTimersByTimeAsync(39_000);
    expect(states.at(-1)).toBe("live");
    await vi.advanceTimersByTimeAsync(1_500);
    expect(states.at(-1)).toBe("waiting");
    tab.isSilent = false;
    await vi.advanceTimersByTimeAsync(45_000);
    expect(states.at(-1)).toBe("live");
    expect(received.map((event) => event.seq)).toEqual([10]);
  });

  test("a cursor that is gone is reported once, and then it asks no more", async () => {
    const { tab, database, states } = follow(20);
    await until("the first answer", () => states.length > 0);
    database.exec("UPDATE boards SET epoch = 'another'");
    await until("the reset", () => states.at(-1) === "reset");
    const before = tab.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(tab.requests.length).toBe(before);
  });

  test("a hidden tab asks no more, and catches up as soon as it is shown", async () => {
    const { tab, waiters, received, deleteTask } = follow(30);
    await until("the long poll", () => waiters.size === 1);
    tab.setHidden(true);
    await until("the last answer", () => waiters.size === 0);
    const before = tab.requests.length;
    await deleteTask("task-1");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(tab.requests.length).toBe(before);
    tab.setHidden(false);
    await until("the event", () => received.length === 1);
  });

  test("stop hangs up the question that is open", async () => {
    const { tab, waiters, states, stop } = follow();
    await until("the long poll", () => waiters.size === 1);
    stop();
    await until("the waiter to be released", () => waiters.size === 0);
    expect([tab.requests.length, states]).toEqual([2, ["live"]]);
  });
});
