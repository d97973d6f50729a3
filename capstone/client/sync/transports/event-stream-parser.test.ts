import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventStreamParser, type StreamMessage } from "./event-stream-parser.ts";

function parse(...pieces: string[]): StreamMessage[] {
  const messages: StreamMessage[] = [];
  const take = createEventStreamParser((message) => messages.push(message));
  for (const piece of pieces) take(piece);
  return messages;
}

const TEXT =
  '\uFEFFretry: 3000\n\n: comment\nid: e:1\nevent: task_created\ndata: {"a":1}\n\ndata: one\r\ndata:two\r\n\r\nevent: empty\n\ndata\r\rid: half\ndata: never finished';

const MESSAGES = [
  { type: "task_created", id: "e:1", data: '{"a":1}' },
  { type: "message", id: undefined, data: "one\ntwo" },
  { type: "message", id: undefined, data: "" },
];

test("reads fields, comments, all three line ends, and nothing that is not finished", () => {
  expect(parse(TEXT)).toEqual(MESSAGES);
});

test("wherever the text is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: TEXT.length })), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), TEXT.length];
      const pieces = at.slice(1).map((end, index) => TEXT.slice(at[index], end));
      expect(parse(...pieces)).toEqual(MESSAGES);
    }),
  );
});
