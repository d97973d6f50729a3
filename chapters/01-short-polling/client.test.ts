import { describe, expect, onTestFinished, test, vi } from "vitest";
import { fakeTab } from "../../shared/testing/browser-globals.ts";
import { accepted, demoBoard } from "../../shared/testing/demo-board.ts";
import { followBoard } from "../../shared/testing/follow-board.ts";
import { createApp } from "./app.ts";
import { connect } from "./client.ts";

/** One client of the demo board, with time standing still until the test moves it. */
function follow() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { database, boards } = demoBoard();
  const tab = fakeTab(createApp({ database }));
  return { tab, boards, database, ...followBoard(connect, boards) };
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);

describe("the client", () => {
  test("an event arrives with the next question, one interval later at most", async () => {
    const { boards, received, states } = follow();
    await seconds(0);
    expect(states).toEqual(["live"]);
    boards.deleteTask("alice", "task-1");
    await seconds(2.2);
    expect(received).toMatchObject([{ seq: 10, type: "task_deleted" }]);
  });

  test("an idle client keeps asking: about 30 questions a minute, nearly all answered 304", async () => {
    const { tab } = follow();
    const asked = vi.spyOn(globalThis, "fetch");
    await seconds(60);
    expect(tab.requests.length).toBeGreaterThanOrEqual(27);
    expect(tab.requests.length).toBeLessThanOrEqual(34);
    const answers = await Promise.all(asked.mock.results.map(({ value }) => value as Promise<Response>));
    expect(answers.filter(({ status }) => status === 304).length).toBeGreaterThanOrEqual(answers.length - 1);
  });

  test("clients that start together drift apart", async () => {
    const { tab } = follow();
    const times: number[] = [];
    for (let ms = 0; ms < 30_000; ms += 10) {
      const before = tab.requests.length;
      await vi.advanceTimersByTimeAsync(10);
      if (tab.requests.length > before) times.push(ms);
    }
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(10);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_790);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2_210);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(50);
  });

  test("a hidden tab asks nothing, and catches up as soon as it is shown", async () => {
    const { tab, boards, received } = follow();
    await seconds(1);
    tab.setHidden(true);
    const before = tab.requests.length;
    boards.deleteTask("alice", "task-1");
    await seconds(600);
    expect(tab.requests.length).toBe(before);
    tab.setHidden(false);
    await seconds(0);
    expect(received).toHaveLength(1);
  });

  test("hiding and showing again and again does not make it ask more often", async () => {
    const { tab } = follow();
    for (let times = 0; times < 20; times += 1) {
      tab.setHidden(true);
      tab.setHidden(false);
    }
    await seconds(0.1);
    const before = tab.requests.length;
    await seconds(10);
    expect(tab.requests.length - before).toBeLessThanOrEqual(6);
  });

  test("a client that is far behind catches up page after page without waiting", async () => {
    const { tab, boards, received } = follow();
    tab.setHidden(true);
    await seconds(1);
    for (let task = 0; task < 250; task += 1) {
      accepted(boards.createTask("alice", { listId: "list-todo", title: `Task ${task}` }));
    }
    tab.setHidden(false);
    await seconds(0.1);
    expect(received.map((event) => event.seq)).toEqual(Array.from({ length: 250 }, (_, index) => 10 + index));
  });

  test("without a network it says so, goes on asking, and loses nothing", async () => {
    const { tab, boards, received, states } = follow();
    await seconds(1);
    tab.isOffline = true;
    boards.deleteTask("alice", "task-1");
    await seconds(5);
    expect(states.at(-1)).toBe("waiting");
    tab.isOffline = false;
    await seconds(2.2);
    expect(states.at(-1)).toBe("live");
    expect(received.map((event) => event.seq)).toEqual([10]);
  });

  test("a connection that dies without a word is noticed within 10 s, and nothing is lost", async () => {
    const { tab, boards, received, states } = follow();
    await seconds(1);
    tab.isSilent = true;
    boards.deleteTask("alice", "task-1");
    await seconds(9); // the question that gets no answer was asked within the first 2.2 of these
    expect(states.at(-1)).toBe("live");
    await seconds(4);
    expect(states.at(-1)).toBe("waiting");
    tab.isSilent = false;
    await seconds(15);
    expect(states.at(-1)).toBe("live");
    expect(received.map((event) => event.seq)).toEqual([10]);
  });

  test("a cursor that is gone is reported once, and then it asks no more", async () => {
    const { tab, database, states } = follow();
    await seconds(1);
    database.exec("UPDATE boards SET epoch = 'another'");
    await seconds(3);
    expect(states.at(-1)).toBe("reset");
    const before = tab.requests.length;
    await seconds(60);
    expect(tab.requests.length).toBe(before);
  });

  test("after stop nothing is asked and nothing is called", async () => {
    const { tab, boards, received, states, stop } = follow();
    await seconds(1);
    stop();
    const before = [tab.requests.length, states.length];
    boards.deleteTask("alice", "task-1");
    tab.setHidden(true);
    tab.setHidden(false);
    await seconds(60);
    expect([tab.requests.length, states.length]).toEqual(before);
    expect(received).toEqual([]);
  });
});
