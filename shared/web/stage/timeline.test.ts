import { describe, expect, test } from "vitest";
import type { MessageRow, WireConnection } from "../../wire/message.ts";
import { parsePrediction } from "./prediction.ts";
import { mergeMessages } from "./stage-state.ts";
import { bytesText, notesOn, type TimelineFilter, timeline } from "./timeline.ts";

function row(id: number, changes: Partial<MessageRow> = {}): MessageRow {
  return {
    id,
    connection: 1,
    way: "up",
    kind: "request",
    at: id,
    size: 10,
    summary: `message ${id}`,
    isComplete: true,
    fate: "passed",
    heldMs: undefined,
    afterMs: undefined,
    isPage: false,
    ...changes,
  };
}

const CONNECTIONS = new Map<number, WireConnection>(
  ["alice", "bob"].map((person, index) => [
    index + 1,
    { id: index + 1, person, openedAt: 0, closedAt: undefined, end: undefined, bytesUp: 0, bytesDown: 0 },
  ]),
);

const ALL: TimelineFilter = {
  person: undefined,
  connection: undefined,
  withPageFiles: false,
  isGrouped: false,
  expanded: new Set(),
};

const MESSAGES = [
  row(1, { kind: "opened", way: undefined }),
  row(2),
  row(3, { connection: 2, kind: "opened", way: undefined }),
  row(4, { connection: 2, isPage: true }),
  row(5, { connection: 0, kind: "fault", way: undefined }),
  row(6, { way: "down" }),
];

/** The lines, as short as they can be told apart: a message's id, or `#` and a connection's. */
function shown(filter: Partial<TimelineFilter>, messages = MESSAGES): (number | string)[] {
  return timeline(messages, CONNECTIONS, { ...ALL, ...filter }).map((line) =>
    line.type === "message" ? line.message.id : `#${line.connection.id}`,
  );
}

describe("the timeline", () => {
  test("is in the order of time, without what only loads pages", () => {
    expect(shown({})).toEqual([1, 2, 5, 6]);
    expect(shown({ withPageFiles: true })).toEqual([1, 2, 3, 4, 5, 6]);
    // The same connection may be used for more than pages later.
    expect(shown({}, [...MESSAGES, row(7, { connection: 2 })])).toEqual([1, 2, 3, 5, 6, 7]);
  });

  test("can show one person or one connection alone; a fault concerns everybody", () => {
    expect(shown({ person: "alice" })).toEqual([1, 2, 5, 6]);
    expect(shown({ person: "bob", withPageFiles: true })).toEqual([3, 4, 5]);
    expect(shown({ connection: 2, withPageFiles: true })).toEqual([3, 4, 5]);
  });

  test("can be a line for each connection, with its messages below if it is expanded", () => {
    expect(shown({ isGrouped: true })).toEqual(["#1", 5]);
    expect(shown({ isGrouped: true, expanded: new Set([1]) })).toEqual(["#1", 1, 2, 6, 5]);
  });

  test("notes say what became of a message", () => {
    expect(notesOn(row(1, { fate: "held" }))).toBe("held back");
    expect(notesOn(row(1, { fate: "dropped", afterMs: 24.4 }))).toBe("dropped, after 24 ms");
    expect(notesOn(row(1, { heldMs: 5_250, afterMs: 1_200, isComplete: false }))).toBe(
      "held 5.3 s, after 1.2 s, going on",
    );
  });

  test("bytes are said in the unit that fits", () => {
    expect([950, 1_440, 2_000_000].map(bytesText)).toEqual(["950 B", "1.4 kB", "2.0 MB"]);
  });
});

describe("what the stream brings", () => {
  const ids = (rows: readonly MessageRow[]) => rows.map(({ id, size }) => `${id}:${size}`);

  test("new messages go to the end, changed ones to their places, cleared ones away", () => {
    const before = [row(1), row(2), row(4)];
    expect(ids(mergeMessages(before, [row(6), row(2, { size: 99 }), row(5), row(3)], 1))).toEqual([
      "2:99",
      "3:10",
      "4:10",
      "5:10",
      "6:10",
    ]);
  });

  test("the oldest go when there are more than ten thousand", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => row(index + 1));
    const merged = mergeMessages(many, [row(10_001), row(10_002)], 0);
    expect([merged.length, merged[0]?.id, merged.at(-1)?.id]).toEqual([10_000, 3, 10_002]);
  });
});

describe("a prediction", () => {
  test("asks for a total of somebody in some seconds, or for a delay", () => {
    expect(parsePrediction("requests of bob in 30 s")).toEqual({
      total: "requests",
      person: "bob",
      seconds: 30,
    });
    expect(parsePrediction("bytes of alice in 5 s")).toEqual({ total: "bytes", person: "alice", seconds: 5 });
    expect(parsePrediction("delay of bob")).toEqual({ total: "delay", person: "bob" });
  });

  test.each(["", "requests", "requests of bob", "smiles of bob in 3 s", "bytes of bob in a while"])(
    "%j is none, and is told how to be one",
    (text) => {
      expect(parsePrediction(text)).toMatch(/is no prediction: write "requests of bob in 60 s"/);
    },
  );
});
