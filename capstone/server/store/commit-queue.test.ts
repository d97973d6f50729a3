import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BUSY } from "../../../shared/refusal.ts";
import { type CommitQueueOptions, createCommitQueue } from "./commit-queue.ts";

const busyError = Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setImmediate", "setTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A queue over a database that remembers only what was committed. */
function testQueue(options: Partial<CommitQueueOptions> = {}) {
  const commits: string[][] = [];
  const errors: unknown[] = [];
  const answered: string[] = [];
  let open: string[] = [];
  let failure: unknown;
  const queue = createCommitQueue({
    transaction(work) {
      open = [];
      if (failure) throw failure;
      work();
      commits.push(open);
    },
    part(work) {
      const before = [...open];
      try {
        return work();
      } catch (error) {
        open = before;
        throw error;
      }
    },
    isOpen: () => true,
    onCommit: () => answered.push("commit"),
    onRollback: () => answered.push("rollback"),
    onError: (error) => errors.push(error),
    ...options,
  });
  const add = (name: string) =>
    queue
      .run(() => open.push(name) && name)
      .then((result) => {
        answered.push(result === BUSY ? `${name} busy` : name);
        return result;
      });
  const fail = (error: unknown) => {
    failure = error;
  };
  return { queue, commits, errors, answered, add, fail };
}

/** The turn of the event loop that comes next, and nothing later. */
const turn = () => vi.advanceTimersByTimeAsync(0);

/** Turns that were asked for within a turn: the fake clock gives each of them a millisecond. */
const nextTurns = (count: number) => vi.advanceTimersByTimeAsync(count);

describe("the commit queue", () => {
  test("commits what comes in one turn together, in order, and answers after it was told", async () => {
    const { add, commits, answered } = testQueue();
    add("a");
    add("b");
    add("c");
    expect(commits).toEqual([]);
    await turn();
    expect(commits).toEqual([["a", "b", "c"]]);
    expect(answered).toEqual(["commit", "a", "b", "c"]);
  });

  test("one writer who waits for each answer is never held up", async () => {
    const { add, commits } = testQueue({ windowMs: 1_000 });
    for (const name of ["a", "b", "c"]) {
      add(name);
      await turn();
    }
    expect(commits).toEqual([["a"], ["b"], ["c"]]);
  });

  test("several writers share windows: a commit comes at the latest so long after the last one", async () => {
    const { add, commits } = testQueue({ windowMs: 5 });
    for (const name of ["a", "b", "c"]) add(name);
    await turn();
    add("d");
    await vi.advanceTimersByTimeAsync(3);
    add("e");
    await vi.advanceTimersByTimeAsync(1);
    expect(commits).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(commits).toEqual([
      ["a", "b", "c"],
      ["d", "e"],
    ]);
    // And whoever comes after a pause does not wait.
    await vi.advanceTimersByTimeAsync(100);
    add("f");
    await turn();
    expect(commits.at(-1)).toEqual(["f"]);
  });

  test("nobody waits for a window when all are there that shared the last commit", async () => {
    const { add, commits } = testQueue({ windowMs: 1_000 });
    add("a");
    add("b");
    await turn();
    add("c");
    await vi.advanceTimersByTimeAsync(10);
    expect(commits).toHaveLength(1);
    add("d");
    add("e");
    await turn();
    expect(commits.at(-1)).toEqual(["c", "d", "e"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(commits).toHaveLength(2);
  });

  test("a batch has its limit; the rest comes right after it, and others get their turn in between", async () => {
    const { add, commits } = testQueue({ maxBatch: 2, windowMs: 1_000 });
    for (const name of ["a", "b", "c", "d", "e"]) add(name);
    await turn();
    expect(commits).toEqual([["a", "b"]]);
    await nextTurns(2);
    expect(commits).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  });

  test("what takes long is committed early; the rest comes right after it, and others get their turn in between", async () => {
    let clock = 0;
    let isFirst = true;
    const { add, commits } = testQueue({
      windowMs: 1_000,
      maxWorkMs: 25,
      now: () => clock,
      part(work) {
        clock += 10;
        return work();
      },
      onCommit() {
        if (isFirst) add("late");
        isFirst = false;
      },
    });
    for (const name of ["a", "b", "c", "d"]) add(name);
    await turn();
    expect(commits).toEqual([["a", "b", "c"]]);
    await nextTurns(1);
    expect(commits).toEqual([
      ["a", "b", "c"],
      ["d", "late"],
    ]);
  });

  test("what throws is undone and rejected alone", async () => {
    const { queue, add, commits } = testQueue();
    const before = add("a");
    const wrong = queue.run(() => {
      add("from within");
      throw new Error("a bug");
    });
    const after = add("b");
    const expected = expect(wrong).rejects.toThrow("a bug");
    await turn();
    await expected;
    expect([await before, await after]).toEqual(["a", "b"]);
    await vi.advanceTimersByTimeAsync(5);
    expect(commits).toEqual([["a", "b"], ["from within"]]);
  });

  test("a transaction that fails: all of it is busy, and the reason is told once", async () => {
    const { add, commits, answered, errors, fail } = testQueue();
    const reason = new Error("the disk is full");
    fail(reason);
    add("a");
    add("b");
    await turn();
    expect(commits).toEqual([]);
    expect(answered).toEqual(["rollback", "a busy", "b busy"]);
    expect(errors).toEqual([reason]);
    fail(undefined);
    add("c");
    await turn();
    expect(commits).toEqual([["c"]]);
  });

  test("a part whose failure has ended the transaction fails all of it", async () => {
    const { queue, add, answered, commits } = testQueue({ isOpen: () => false });
    add("a");
    const wrong = queue.run(() => {
      throw new Error("the disk is full");
    });
    await turn();
    expect(await wrong).toBe(BUSY);
    expect([answered, commits]).toEqual([["rollback", "a busy"], []]);
  });

  test("while another process is writing it tries again, in the same order, until its patience ends", async () => {
    const { add, commits, answered, fail, errors } = testQueue({ patienceMs: 100 });
    fail(busyError);
    add("a");
    await vi.advanceTimersByTimeAsync(60);
    add("b");
    await vi.advanceTimersByTimeAsync(30);
    expect(answered.filter((each) => each !== "rollback")).toEqual([]);
    await vi.advanceTimersByTimeAsync(20);
    expect(answered.filter((each) => each !== "rollback")).toEqual(["a busy"]);
    expect(errors).toEqual([busyError]);
    add("c");
    fail(undefined);
    await vi.advanceTimersByTimeAsync(5);
    expect(commits).toEqual([["b", "c"]]);
  });

  test("what is too much is busy at once", async () => {
    const { add, queue, commits } = testQueue({ maxWaiting: 2 });
    add("a");
    add("b");
    expect(await add("c")).toBe(BUSY);
    expect(queue.length).toBe(2);
    await turn();
    expect(commits).toEqual([["a", "b"]]);
    expect(queue.length).toBe(0);
  });

  test("closing waits for everything that waits; what comes after it rejects", async () => {
    const { add, queue, commits } = testQueue({ maxBatch: 1 });
    add("a");
    add("b");
    let isClosed = false;
    const closed = queue.close().then(() => {
      isClosed = true;
    });
    await expect(queue.run(() => 1)).rejects.toThrow(/closed/);
    await turn();
    expect(isClosed).toBe(false);
    await nextTurns(1);
    await closed;
    expect(commits).toEqual([["a"], ["b"]]);
    await testQueue().queue.close();
  });
});
