import { createParser } from "eventsource-parser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEventStreamDecoder, type StreamBlock } from "./event-stream-decoder.ts";
import { createRandom } from "./random.ts";

describe("a block", () => {
  test("tells its size, its lines, and the event that they make", () => {
    const wire = ": note\nid: 7\nevent: task\nretry: 500\ndata: hé\n\n";
    expect(decode([wire])).toEqual([
      {
        size: Buffer.byteLength(wire),
        lines: [": note", "id: 7", "event: task", "retry: 500", "data: hé"],
        event: { type: "task", data: "hé", lastEventId: "7" },
        retryMs: 500,
        isTruncated: false,
      },
    ]);
  });

  test.each([
    ["of data is a message", "data: a\n\n", [{ type: "message", data: "a", lastEventId: "" }]],
    ["of several lines of data joins them", "data: a\ndata\ndata:b\n\n", [{ data: "a\n\nb" }]],
    [
      "loses one space behind a colon, and no more",
      "data:  a \nevent:b:c\n\n",
      [{ data: " a ", type: "b:c" }],
    ],
    ["with one empty line of data has data", "data\n\n", [{ data: "" }]],
    ["has the last type that it says", "event: a\nevent: b\ndata\n\n", [{ type: "b" }]],
    ["with an empty type is a message", "event: a\nevent\ndata\n\n", [{ type: "message" }]],
    ["does not hand on its type", "event: a\n\ndata\n\n", [undefined, { type: "message" }]],
    [
      "hands on its id, also without data",
      "id: a\n\ndata\n\ndata\n\n",
      [undefined, { lastEventId: "a" }, { lastEventId: "a" }],
    ],
    ["may take the id back", "id: a\ndata\n\nid\ndata\n\n", [{ lastEventId: "a" }, { lastEventId: "" }]],
    ["cannot have NUL in its id", "id: a\nid: b\0\ndata\n\n", [{ lastEventId: "a" }]],
    ["of comments makes nothing happen", ": data: a\n:\n\n", [undefined]],
    ["of unknown fields makes nothing happen", "Data: a\ndata : a\n data: a\n\n", [undefined]],
    ["without a line makes nothing happen", "\n\n", [undefined, undefined]],
    ["that has not ended makes nothing happen", "data: a\n\ndata: b\n", [{ data: "a" }]],
    [
      "may contain bytes that are not UTF-8",
      Buffer.from("data: \xff\xc3\n\n", "latin1"),
      [{ data: "\ufffd\ufffd" }],
    ],
  ])("%s", (_, wire, events) => {
    expect(decode([wire]).map(({ event }) => event)).toMatchObject(events);
  });

  test.each([
    ["of digits is the new pause", "retry: 007\n\n", 7],
    ["is the last one of its block", "retry: 1\nretry: 2\n\n", 2],
    ["with anything but digits is ignored", "retry: 1\nretry: 2s\nretry:  3\nretry: -4\nretry\n\n", 1],
    ["may be missing", "data\n\n", undefined],
  ])("a retry %s", (_, wire, retryMs) => {
    expect(decode([wire])).toMatchObject([{ retryMs }]);
  });
});

describe("a line", () => {
  test.each([
    ["LF", "\n"],
    ["CR", "\r"],
    ["CRLF, which may come in two pieces", "\r\n"],
  ])("may end with %s", (_, end) => {
    const wire = Buffer.from(["data: a", "data: b", "", "data: c", "", ""].join(end));
    for (let at = 0; at <= wire.length; at += 1) {
      const blocks = decode([wire.subarray(0, at), wire.subarray(at)]);
      expect(blocks).toMatchObject([{ event: { data: "a\nb" } }, { event: { data: "c" } }]);
    }
  });

  test("may end with CR, and the event does not wait for an LF: that counts for the next block", () => {
    const decoder = createEventStreamDecoder();
    expect(decoder.push(Buffer.from("data\r\n\r"))).toMatchObject([{ size: 7, event: { data: "" } }]);
    expect(decoder.push(Buffer.from("\ndata\n\n"))).toMatchObject([{ size: 7, event: { data: "" } }]);
  });

  test.each([
    ["at the beginning of the stream is no part of it", "\ufeffdata: a\n\n", ["a"]],
    ["anywhere else is one, and makes another field of it", "data: b\n\ufeffdata: a\n\n", ["b"]],
    ["twice is one", "\ufeff\ufeffdata: a\ndata: b\n\n", ["b"]],
    ["in a value is a part of it", "data: \ufeff\n\n", ["\ufeff"]],
    ["before an empty line leaves it empty", "\ufeff\ndata: a\n\n", [undefined, "a"]],
  ])("a byte order mark %s", (_, wire, data) => {
    expect(decode([wire]).map(({ event }) => event?.data)).toEqual(data);
  });

  test("beyond a MiB of its block is not kept, and the block still ends where it ends", () => {
    const blocks = decode([`data: ${"a".repeat(2 ** 20)}\ndata: b\ndata: c\n\ndata: d\n\n`]);
    expect(blocks.map(({ size, isTruncated }) => ({ size, isTruncated }))).toEqual([
      { size: 2 ** 20 + 24, isTruncated: true },
      { size: 9, isTruncated: false },
    ]);
    expect(blocks.map(({ event }) => event?.data.length)).toEqual([2 ** 20 - 6, 1]);
  });
});

describe("eventsource-parser and this decoder read the same", () => {
  // Bytes, written as Latin-1: é, a line separator, a byte order mark, half a character.
  const word = fc.constantFrom(
    "",
    "7",
    "x",
    "\0",
    ":",
    " ",
    "\xc3\xa9",
    "\xe2\x80\xa8",
    "\xef\xbb\xbf",
    "\xe2\x82",
  );
  const name = fc.constantFrom("data", "data", "event", "id", "retry", "", "Data", "\xef\xbb\xbfdata");
  const colon = fc.constantFrom("", ":", ": ", ": ", ":  ");
  const end = fc.constantFrom("\n", "\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n", "\n\r");
  const line = fc.tuple(name, colon, word, word, end).map((parts) => parts.join(""));

  // It tells the id only of a block that has both an id and data; a browser, and this decoder, remember the last one.
  // It tells retries and comments line by line; here they come with their block. So they are compared event by event,
  // and the last event, which all streams end with, collects the rest. A stream must not begin with the three
  // characters "ï»¿", which it takes for a byte order mark: none does.
  test("in 10,000 streams", { timeout: 60_000 }, () => {
    const stream = fc.array(line, { maxLength: 30, size: "max" });
    const property = fc.property(stream, fc.integer(), (lines, seed) => {
      const bytes = Buffer.from(`${lines.join("")}\n\ndata: last\n\n`, "latin1");
      const pieces = cut(bytes, createRandom(seed));
      expect(readHere(pieces)).toEqual(readByParser(pieces));
    });
    fc.assert(property, { numRuns: 10_000 });
  });
});

describe("a million random bytes", () => {
  test.each([
    ["of any kind", ""],
    ["out of fields and line ends", "dataeventidretry::: 07\n\n\r\0\xef\xbb\xbf\xff"],
  ])("%s do not break it: it tells each byte once, and the same however they are cut", (_, alphabet) => {
    const property = fc.property(fc.integer(), (seed) => {
      const random = createRandom(seed);
      const anything = () => random() * 256;
      const likely = () => alphabet.charCodeAt(random() * alphabet.length);
      const some = Buffer.from(Array.from({ length: 500 }, alphabet === "" ? anything : likely));
      const bytes = Buffer.concat([some, Buffer.from("\n\n")]);
      const blocks = decode([bytes]);
      expect(blocks.reduce((sum, { size }) => sum + size, 0)).toBe(bytes.length);
      expect(decode(cut(bytes, random))).toEqual(blocks);
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});

function decode(pieces: readonly (Buffer | string)[]): StreamBlock[] {
  const decoder = createEventStreamDecoder();
  return pieces.flatMap((piece) => decoder.push(Buffer.from(piece)));
}

/** Many small pieces, or a few large ones. */
function cut(bytes: Buffer, random: () => number): Buffer[] {
  const most = bytes.length * random() ** 3;
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 0) {
    pieces.push(bytes.subarray(at, at + 1 + Math.floor(random() * most)));
  }
  return pieces;
}

/** An event, with what was said since the one before it. */
interface Told {
  readonly id: string | undefined;
  readonly type: string;
  readonly data: string;
  readonly comments: readonly string[];
  readonly retryMs: number | undefined;
}

function readHere(pieces: readonly Buffer[]): Told[] {
  const told: Told[] = [];
  let comments: string[] = [];
  let lastRetryMs: number | undefined;
  for (const { lines, event, retryMs = lastRetryMs } of decode(pieces)) {
    comments.push(...lines.filter((line) => line.startsWith(":")).map((line) => line.replace(/^: ?/, "")));
    lastRetryMs = retryMs;
    if (!event) continue;
    const hasId = lines.some((line) => /^id(:|$)/.test(line) && !line.includes("\0"));
    const { lastEventId, ...rest } = event;
    told.push({ ...rest, id: hasId ? lastEventId : undefined, comments, retryMs });
    comments = [];
    lastRetryMs = undefined;
  }
  return told;
}

function readByParser(pieces: readonly Buffer[]): Told[] {
  const told: Told[] = [];
  let comments: string[] = [];
  let retryMs: number | undefined;
  const parser = createParser({
    onComment: (comment) => comments.push(comment),
    onRetry: (ms) => {
      retryMs = ms;
    },
    onEvent: ({ id, event = "message", data }) => {
      told.push({ id, type: event, data, comments, retryMs });
      comments = [];
      retryMs = undefined;
    },
  });
  // A byte order mark is the text decoder's business.
  const utf8 = new TextDecoder();
  for (const piece of pieces) parser.feed(utf8.decode(piece, { stream: true }));
  return told;
}
