import { createParser, type EventSourceMessage } from "eventsource-parser";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { accepted, demoBoard, snapshotOf } from "../../shared/testing/demo-board.ts";
import { until } from "../../shared/testing/until.ts";
import { createBoardStreams } from "./board-streams.ts";
import type { Log } from "./followers.ts";
import { createLeakingStreams } from "./leaking-cancel.ts";

/** A board whose changes are published, and the streams on it. */
function streamedBoard(slowness: (log: Log) => Log = (log) => log) {
  const { boards, database } = demoBoard();
  const streams = createBoardStreams(slowness(boards));
  onTestFinished(() => streams.close());
  const { epoch } = snapshotOf(boards).board;
  const rename = (name: string) =>
    streams.publish(accepted(boards.renameBoard("alice", "board-1", { name })));
  return { boards, database, streams, epoch, rename };
}

/** Reads a stream as a browser does. */
function readStream(response: Response) {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parser.feed(new TextDecoder().decode(next.value));
    }
  })().catch(() => {});
  return {
    events,
    ids: () => events.map(({ id }) => id),
    cancel: () => reader.cancel(),
  };
}

const seqs = (ids: readonly (string | undefined)[]) => ids.map((id) => Number(id?.split(":")[1]));

describe("a stream on a board", () => {
  test("sends an event under its type, with its cursor as id and its JSON as data", async () => {
    const { boards, streams, epoch, rename } = streamedBoard();
    const { events } = readStream(streams.open("board-1", `${epoch}:9`));
    rename("New");
    await until("the event", () => events.length === 1);
    const [logged] = accepted(boards.eventsAfter("board-1", { seq: 9 }, 10)).events;
    expect(events[0]).toEqual({ id: `${epoch}:10`, event: "board_renamed", data: JSON.stringify(logged) });
  });

  test("an event is encoded once, and the same bytes go to every stream", async () => {
    const { streams, epoch, rename } = streamedBoard();
    const readers = [1, 2, 3].map(() => {
      const reader = (streams.open("board-1", `${epoch}:9`).body as ReadableStream<Uint8Array>).getReader();
      return async () => (await reader.read()).value;
    });
    for (const read of readers) await read(); // retry
    rename("New");
    const [first, ...others] = await Promise.all(readers.map((read) => read()));
    expect(new TextDecoder().decode(first)).toContain('"name":"New"');
    for (const other of others) expect(other).toBe(first); // not equal: the same
  });

  test("begins where the cursor ends, with everything after it, in order and once", async () => {
    const { streams, epoch, rename } = streamedBoard();
    for (let each = 10; each <= 20; each += 1) rename(`Name ${each}`);
    const { events, ids } = readStream(streams.open("board-1", `${epoch}:7`));
    rename("Live");
    await until("all events", () => events.length === 14);
    expect(seqs(ids())).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
  });

  test("without a cursor it begins at the head", async () => {
    const { streams, rename } = streamedBoard();
    const { ids, events } = readStream(streams.open("board-1", undefined));
    rename("Live");
    await until("the event", () => events.length > 0);
    expect(seqs(ids())).toEqual([10]);
  });

  test.each([
    ["garbage", "garbage", "the cursor is none"],
    ["an empty id", "", "the cursor is none"],
    ["a seq of the future", "EPOCH:99", "it lies in the future of this log"],
    ["another log's epoch", "ffffffffffff:9", "it belongs to another log"],
    ["a seq that the log has forgotten", "EPOCH:1", "the log does not reach back that far"],
  ])(
    "a cursor that cannot be honoured is one reset, and then the present: %s",
    async (_name, after, reason) => {
      const { database, streams, epoch, rename } = streamedBoard();
      database.exec("DELETE FROM events WHERE seq < 5");
      const { events } = readStream(streams.open("board-1", after.replace("EPOCH", epoch)));
      await until("the reset", () => events.length === 1);
      rename("Live");
      await until("the event", () => events.length === 2);
      const [reset, live] = events;
      // The reset's id is the head: a browser that comes back does not ask for the impossible again.
      expect(reset).toMatchObject({ id: `${epoch}:9`, event: "reset" });
      expect(JSON.parse(reset?.data ?? "")).toEqual({ reason: expect.stringContaining(reason), seq: 9 });
      expect(live?.id).toBe(`${epoch}:10`);
    },
  );

  test("no such board is a 404, and nothing is left behind", async () => {
    const { streams } = streamedBoard();
    expect(streams.open("board-9", undefined).status).toBe(404);
    expect(streams.boardCount).toBe(0);
  });

  test("a stream hears nothing of another board", async () => {
    const { boards, streams, rename } = streamedBoard();
    const carols = readStream(streams.open("board-2", undefined));
    rename("Not hers");
    streams.publish(accepted(boards.renameBoard("carol", "board-2", { name: "Hers" })));
    await until("hers", () => carols.events.length > 0);
    expect(carols.events.map(({ data }) => JSON.parse(data).data.name)).toEqual(["Hers"]);
  });

  test("a client that is gone leaves nothing behind: no follower, no board, no timer", async () => {
    const { streams, epoch } = streamedBoard();
    const readers = [1, 2].map(() => readStream(streams.open("board-1", `${epoch}:9`)));
    expect([streams.size, streams.boardCount]).toEqual([2, 1]);
    await readers[0]?.cancel();
    expect([streams.size, streams.boardCount]).toEqual([1, 1]);
    await readers[1]?.cancel();
    expect([streams.size, streams.boardCount]).toEqual([0, 0]);
  });
});

/** A log whose reads take a while, during which something else may happen. */
const slowly =
  (during: () => void) =>
  (log: Log): Log => ({
    head: log.head,
    async eventsAfter(...question) {
      const page = await log.eventsAfter(...question);
      during();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return page;
    },
  });

describe("the past and the present", () => {
  test("a change while the log is read is neither lost nor sent twice", async () => {
    let changes = 0;
    const { streams, epoch, rename } = streamedBoard(
      slowly(() => {
        changes += 1;
        if (changes <= 3) rename(`Name ${changes}`);
      }),
    );
    const { events, ids } = readStream(streams.open("board-1", `${epoch}:7`));
    await until("the events", () => events.length >= 5);
    rename("Last");
    await until("the last event", () => events.length >= 6);
    expect(seqs(ids())).toEqual([8, 9, 10, 11, 12, 13]);
  });

  test("a client that is far behind is given the log page by page, as fast as it takes it", async () => {
    let pages = 0;
    const { streams, epoch, rename } = streamedBoard(
      slowly(() => {
        pages += 1;
      }),
    );
    for (let each = 0; each < 3_000; each += 1) rename("x".repeat(200));
    const response = streams.open("board-1", `${epoch}:9`);
    await new Promise((resolve) => setTimeout(resolve, 300)); // longer than it would take to read all of it
    expect(pages).toBeLessThanOrEqual(3); // of thirty
    const { events, ids } = readStream(response);
    await until("all of it", () => events.length === 3_000);
    expect(seqs(ids())).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 10));
  });
});

describe("a log that is large, or cannot be read", () => {
  test("a client that reads catches up, however much it has missed", async () => {
    const { streams, epoch, rename } = streamedBoard();
    for (let each = 0; each < 60; each += 1) rename("字".repeat(20_000)); // 3.6 MB
    const { events } = readStream(streams.open("board-1", `${epoch}:9`));
    await until("all of it", () => events.length === 60);
    expect(streams.size).toBe(1); // and was never cut off for being slow
  });

  test("a log that fails ends the stream, and the client can come back", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => report.mockRestore());
    const { streams, epoch } = streamedBoard((log) => ({
      head: log.head,
      eventsAfter: () => Promise.reject(new Error("SQLITE_IOERR")),
    }));
    readStream(streams.open("board-1", `${epoch}:7`));
    await until("the end", () => streams.size === 0);
    expect(report).toHaveBeenCalledOnce();
  });
});

describe("the mistake", () => {
  test("a cancel that looks its client up by what it is given forgets nobody, and the next event throws", async () => {
    const { open, publish, controllers } = createLeakingStreams();
    const gone = open();
    const { events } = readStream(open());
    await gone.body?.cancel();
    expect(controllers.size).toBe(2);
    expect(() => publish("hello")).toThrow(/closed/i);
    expect(events).toEqual([]); // and those who come after it in the set hear nothing
  });
});
