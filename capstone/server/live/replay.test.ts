import { setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../../../shared/testing/until.ts";
import { createFrameDecoder } from "../../../shared/wire/frame-decoder.ts";
import type { FeedContext } from "./board-feed.ts";
import { type Form, messageFrame } from "./encodings.ts";
import { createFeeds } from "./feeds.ts";
import { createFlushes } from "./flushes.ts";
import { createMemoryStore, EPOCH } from "./memory-store.ts";
import { type Lane, Outlet } from "./outlet.ts";
import { eventsFor, follow, unfollow } from "./replay.ts";
import { createSlowReaders } from "./slow-readers.ts";

const BOARD = "board-1";

/** A connection that notes what is written, and takes it when the test says so. */
class MemoryOutlet extends Outlet {
  readonly form: Form = "frame";
  isOpen = true;
  backlog = 0;
  isSlow = false;
  writes = 0;
  maxBacklog = 0;
  readonly messages: { type: string; event?: { seq: number }; seq?: number }[] = [];
  readonly #decoder = createFrameDecoder("server");

  protected write(bytes: Buffer): void {
    this.writes += 1;
    if (this.isSlow) this.backlog += bytes.length;
    this.maxBacklog = Math.max(this.maxBacklog, this.backlog);
    const payload: Buffer[] = [];
    for (const item of this.#decoder.push(bytes)) {
      if (item.type === "payload") payload.push(item.bytes);
      if (item.type === "end") this.messages.push(JSON.parse(Buffer.concat(payload.splice(0)).toString()));
    }
  }

  cut(): void {
    this.isOpen = false;
  }
  end(): void {
    this.isOpen = false;
  }
  fail(): void {
    this.isOpen = false;
  }
  protected onCaughtUp(): void {}
  protected onceTaken(): void {}

  get seqs(): number[] {
    return this.messages.flatMap(({ type, event }) => (type === "event" && event ? [event.seq] : []));
  }
}

function createBench({
  windowMs = 5,
  maxStallMs = 60_000,
  charge = (_bytes: number): void => {},
  debtMs = (): number => 0,
} = {}) {
  const memory = createMemoryStore();
  memory.addBoard(BOARD);
  const flushes = createFlushes(windowMs);
  const lane: Lane = {
    flushes,
    slow: createSlowReaders(maxStallMs),
    settings: { maxBacklogBytes: 1_048_576, maxStallMs },
  };
  const errors: unknown[] = [];
  const context: FeedContext = {
    store: memory.store,
    flushes,
    onEvent() {},
    onGone() {},
    onGap() {},
    onFlush() {},
    onError: (error) => errors.push(error),
  };
  const feeds = createFeeds({ ...context, keepMs: 1_000, watch: () => () => {} });
  const stop = memory.store.onCommit((events) => events.forEach(feeds.publish));
  onTestFinished(() => {
    stop();
    feeds.close();
  });
  async function join(seq: number, outlet = new MemoryOutlet(lane)) {
    const feed = await feeds.attach(BOARD);
    if (!feed) throw new Error("no feed");
    const cursor = { epoch: EPOCH, seq };
    const onError = (error: unknown) => errors.push(error);
    const follower = follow(feed, outlet, cursor, { log: memory.store, charge, debtMs, onError });
    return { feed, outlet, follower, from: seq };
  }
  return { ...memory, feeds, lane, errors, join };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + 1 + index);

/** @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function seeded(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

test.each(Array.from({ length: 15 }, (_, index) => index + 1))(
  "whatever the order of joins, events and slow reads, each follower gets the log: seed %i",
  async (seed) => {
    const random = seeded(seed);
    const bench = createBench({ windowMs: random(2) * 3 });
    const { memory, rename, commit, join, headOf, errors, lane } = bench;
    memory.wait = async () => {
      for (let left = random(4); left > 0; left -= 1) await turn();
    };
    for (let each = random(400); each > 0; each -= 1) rename(BOARD);
    const joined: Awaited<ReturnType<typeof join>>[] = [];
    const joining: Promise<unknown>[] = [];
    const gone: typeof joined = [];
    for (let step = 0; step < 300; step += 1) {
      const what = random(10);
      if (what < 4) for (let each = random(4); each >= 0; each -= 1) rename(BOARD);
      else if (what === 4) commit(BOARD, { type: "board_renamed", data: { name: "elsewhere" } }, false);
      else if (what < 7) {
        const outlet = new MemoryOutlet(lane);
        outlet.isSlow = random(3) === 0;
        // Some know events that this process has not sent, or not even heard of yet.
        const seq = Math.max(0, headOf(BOARD) - random(random(2) === 0 ? 4 : 600));
        joining.push(join(seq, outlet).then((each) => joined.push(each)));
      } else if (what === 7 && joined.length > 0) {
        const [left] = joined.splice(random(joined.length), 1);
        if (left) {
          unfollow(left.feed, left.follower);
          bench.feeds.release(left.feed);
          gone.push(left);
        }
      } else await turn();
      for (const { outlet } of joined) if (random(3) === 0) outlet.backlog = 0;
    }
    await Promise.all(joining);
    rename(BOARD);
    await until("everybody at the head", () => {
      for (const { outlet } of joined) outlet.backlog = 0;
      return joined.every(({ outlet, from }) => outlet.seqs.length >= headOf(BOARD) - from);
    });
    await turn();
    expect(joined.length).toBeGreaterThan(0);
    for (const { outlet, from } of joined) expect(outlet.seqs).toEqual(range(from, headOf(BOARD)));
    for (const { outlet, from } of gone) expect(outlet.seqs).toEqual(range(from, from + outlet.seqs.length));
    expect(errors).toEqual([]);
  },
);

test("what one turn publishes is one write for each, and comes in that turn", async () => {
  const { join, rename, feeds } = createBench();
  const followers = await Promise.all([join(0), join(0), join(0)]);
  for (let each = 0; each < 20; each += 1) rename(BOARD);
  feeds.signal({ type: "user_joined", boardId: BOARD, userId: "bob" });
  expect(followers.map(({ outlet }) => outlet.writes)).toEqual([0, 0, 0]);
  await turn();
  expect(followers.map(({ outlet }) => outlet.writes)).toEqual([1, 1, 1]);
  expect(followers[0]?.outlet.messages.at(-1)).toMatchObject({ type: "user_joined" });
});

test("on a busy board what is published within a window is one write", async () => {
  const { join, rename } = createBench({ windowMs: 40 });
  const { outlet } = await join(0);
  rename(BOARD);
  await turn();
  expect(outlet.writes).toBe(1);
  for (let each = 0; each < 5; each += 1) {
    rename(BOARD);
    await turn();
  }
  expect(outlet.writes).toBe(1);
  await until("the window", () => outlet.writes === 2);
  expect(outlet.seqs).toEqual([1, 2, 3, 4, 5, 6]);
});

test("one that follows two boards gets one write for both, behind what is for it alone and before its answers", async () => {
  const bench = createBench();
  bench.addBoard("board-2");
  const { outlet } = await bench.join(0);
  const second = await bench.feeds.attach("board-2");
  if (!second) throw new Error("no feed");
  follow(second, outlet, { seq: 0 }, { log: bench.store, charge() {}, debtMs: () => 0, onError() {} });
  outlet.sendLast(messageFrame({ type: "answer", key: "k", status: 204 }));
  bench.rename(BOARD);
  bench.rename("board-2");
  outlet.send(messageFrame({ type: "left", boardId: "board-3" }));
  await turn();
  expect(outlet.writes).toBe(1);
  expect(outlet.messages.map(({ type }) => type)).toEqual(["left", "event", "event", "answer"]);
});

test("a slow reader gets no signals, its replay waits, and it is told again when it has caught up", async () => {
  const { join, rename, feeds, lane } = createBench();
  for (let each = 0; each < 1_000; each += 1) rename(BOARD, "x".repeat(1_000));
  const outlet = new MemoryOutlet(lane);
  outlet.isSlow = true;
  await join(0, outlet);
  await until("the first part", () => outlet.writes > 0);
  for (let each = 0; each < 5; each += 1) await turn();
  expect(outlet.maxBacklog).toBeLessThan(200_000);
  expect(outlet.seqs.length).toBeLessThan(200);
  feeds.signal({ type: "user_joined", boardId: BOARD, userId: "bob" });
  await until("the drop", () => outlet.hasMissedSignals);
  await until("everything", () => {
    outlet.backlog = 0;
    return outlet.seqs.length === 1_000;
  });
  await until("the end of it", () => !outlet.hasMissedSignals);
  expect(outlet.messages.some(({ type }) => type === "user_joined")).toBe(false);
});

test("a replay is charged by its size, and goes on when it is paid for; to come again does not help", async () => {
  let sent = 0;
  let isOwed = false;
  let asked = 0;
  const charge = (bytes: number) => {
    sent += bytes;
    isOwed = true;
  };
  const debtMs = () => {
    asked += 1;
    return isOwed ? 10 : 0;
  };
  const { join, rename, memory } = createBench({ charge, debtMs });
  for (let each = 0; each < 300; each += 1) rename(BOARD, "x".repeat(1_000));
  const { outlet } = await join(0);
  await until("the first page", () => outlet.seqs.length === 128);
  expect(sent).toBeGreaterThan(128_000);
  const { reads } = memory;
  const { outlet: another } = await join(0);
  const { outlet: same } = await join(0, outlet);
  const before = asked;
  await until("all of them have looked again", () => asked > before + 9);
  expect(memory.reads).toBe(reads);
  expect(another.seqs).toEqual([]);
  expect(same.seqs).toHaveLength(128);
  const paying = setInterval(() => {
    isOwed = false;
  }, 5);
  onTestFinished(() => clearInterval(paying));
  await until("everything", () => another.seqs.length === 300);
});

test("what is read and sent at once is bounded by its size, and an event that is larger comes alone", async () => {
  const { join, rename, memory, store } = createBench();
  const { feed } = await join(0);
  for (let each = 0; each < 60; each += 1) rename(BOARD, "x".repeat(400_000));
  await turn();
  const { reads } = memory;
  const first = await eventsFor(feed, { seq: 0 }, store);
  expect(first).toHaveLength(2);
  expect(memory.reads - reads).toBe(1);
  rename(BOARD, "x".repeat(3_000_000));
  await turn();
  expect(await eventsFor(feed, { seq: 60 }, store)).toHaveLength(1);
});

test("a replay of large events does not cut off a client that reads", async () => {
  const { join, rename, lane } = createBench();
  for (let each = 0; each < 3; each += 1) rename(BOARD, "x".repeat(1_200_000));
  const outlet = new MemoryOutlet(lane);
  outlet.isSlow = true;
  await join(0, outlet);
  await until("everything", () => {
    // Some is always left when somebody looks, until nothing is.
    outlet.backlog = outlet.backlog > 60_000 ? 60_000 : Math.max(0, outlet.backlog - 1_000);
    return outlet.seqs.length === 3 || !outlet.isOpen;
  });
  expect(outlet.isOpen).toBe(true);
});

test("one that takes nothing for too long is cut off, and one that has left too much", async () => {
  const { join, rename, lane } = createBench({ maxStallMs: 100 });
  const stalled = new MemoryOutlet(lane);
  const full = new MemoryOutlet(lane);
  stalled.isSlow = true;
  full.isSlow = true;
  await join(0, stalled);
  await join(0, full);
  rename(BOARD);
  await turn();
  full.backlog = 1_048_570;
  rename(BOARD);
  await until("the cut", () => !full.isOpen);
  expect(stalled.isOpen).toBe(true);
  await until("the cut", () => !stalled.isOpen);
  expect(lane.slow.size).toBe(0);
});

test("a herd that comes back together reads the log a few times, not once for each", async () => {
  const { join, rename, memory, feeds } = createBench();
  for (let each = 0; each < 300; each += 1) rename(BOARD);
  const before = memory.reads;
  const herd = await Promise.all(Array.from({ length: 500 }, (_, index) => join(index % 300)));
  await until("everybody at the head", () =>
    herd.every(({ outlet, from }) => outlet.seqs.length === 300 - from),
  );
  expect(memory.reads - before).toBeLessThan(10);
  expect(feeds.size).toBe(1);
});

test("what is committed while the head is asked for is published, also if nothing comes after it", async () => {
  const { memory, join, rename } = createBench();
  memory.wait = async (when) => {
    if (when !== "after") return;
    memory.wait = async () => {};
    rename(BOARD);
  };
  const { outlet } = await join(0);
  await until("the event", () => outlet.seqs.length === 1);
});

test("a read that fails ends that connection, and the others go on", async () => {
  const { join, rename, memory, errors } = createBench();
  for (let each = 0; each < 3; each += 1) rename(BOARD);
  const { outlet: live } = await join(3);
  memory.wait = () => Promise.reject(new Error("the disk is gone"));
  const { outlet: lost } = await join(0);
  await until("the end", () => !lost.isOpen);
  expect(errors.length).toBe(1);
  rename(BOARD);
  await until("the event", () => live.seqs.length === 1);
});
