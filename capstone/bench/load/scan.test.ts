import { describe, expect, test } from "vitest";
import { encodeFrame, OPCODE } from "../../../chapters/04-websockets/frames.ts";
import { createSeqReader } from "./read-seq.ts";
import { createChunkDecoder, createEventScanner } from "./scan-events.ts";
import { scanFrames } from "./scan-frames.ts";
import { scanResponses } from "./scan-responses.ts";

const frame = (payload: Buffer) => encodeFrame({ fin: true, opcode: OPCODE.text, payload }, "server");

describe("scanFrames", () => {
  const payloads = [0, 1, 125, 126, 300, 65_535, 65_536].map((size) => Buffer.alloc(size, "x"));
  const bytes = Buffer.concat(payloads.map(frame));

  test("finds frames of every kind of length", () => {
    const found: number[] = [];
    const rest = scanFrames(bytes, 0, bytes.length, (_, start, end) => found.push(end - start));
    expect(found).toEqual(payloads.map(({ length }) => length));
    expect(rest).toBe(bytes.length);
  });

  test("stops before a frame that is not all there, wherever it is cut", () => {
    const two = Buffer.concat([frame(Buffer.from("first")), frame(Buffer.alloc(200, "y"))]);
    for (let cut = 0; cut < two.length; cut += 1) {
      const found: string[] = [];
      const rest = scanFrames(two, 0, cut, (all, start, end) => found.push(all.toString("utf8", start, end)));
      expect([cut, rest, found]).toEqual(cut < 7 ? [cut, 0, []] : [cut, 7, ["first"]]);
    }
  });

  test("says what kind of frame it is", () => {
    const ping = encodeFrame({ fin: true, opcode: OPCODE.ping, payload: Buffer.from("?") }, "server");
    const opcodes: number[] = [];
    scanFrames(ping, 0, ping.length, (_all, _start, _end, opcode) => opcodes.push(opcode));
    expect(opcodes).toEqual([OPCODE.ping]);
  });
});

describe("a stream", () => {
  const events = [
    'id: e:9\ndata: {"seq":9}',
    'id: e:10\ndata: {"seq":10}',
    ": still here",
    "event: x\ndata: 1",
  ];
  const body = events.map((event) => `${event}\n\n`).join("");
  const chunks = [body.slice(0, 3), body.slice(3, 40), body.slice(40)]
    .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    .join("");

  test("its events are found, in pieces of any size, however it was cut into chunks", () => {
    for (let size = 1; size <= chunks.length; size += 1) {
      const found: string[] = [];
      const decode = createChunkDecoder();
      const scan = createEventScanner((bytes, start, end) => found.push(bytes.toString("utf8", start, end)));
      let rest = Buffer.alloc(0);
      for (let at = 0; at < chunks.length; at += size) {
        const piece = Buffer.concat([rest, Buffer.from(chunks.slice(at, at + size))]);
        const end = decode(piece, rest.length, piece.length);
        rest = piece.subarray(scan(piece, 0, end), end);
      }
      expect(found, `pieces of ${size}`).toEqual(events);
    }
  });
});

describe("createSeqReader", () => {
  test("reads the seq, where it stood before and where it did not", () => {
    const read = createSeqReader();
    const seqs = ['{"seq":7,', '{"seq":8,', '{"id":"e:1234567","seq":1234567}', "{}"].map((text) => {
      const bytes = Buffer.from(text);
      return read(bytes, 0, bytes.length);
    });
    expect(seqs).toEqual([7, 8, 1_234_567, -1]);
  });

  test("does not read the next message's", () => {
    const bytes = Buffer.from('{"a":1}{"seq":5}');
    expect(createSeqReader()(bytes, 0, 7)).toBe(-1);
  });
});

describe("scanResponses", () => {
  const all = [
    'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"a":1}',
    'HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n0\r\n\r\n',
    "HTTP/1.1 204 No Content\r\n\r\n",
  ];

  test("finds the statuses of those that are all there, wherever it is cut", () => {
    const bytes = Buffer.from(all.join(""));
    const ends = all.map((_, index) => all.slice(0, index + 1).join("").length);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const statuses: number[] = [];
      const rest = scanResponses(bytes, 0, cut, (status) => statuses.push(status));
      const whole = ends.filter((end) => end <= cut).length;
      expect([cut, rest, statuses]).toEqual([cut, ends[whole - 1] ?? 0, [200, 409, 204].slice(0, whole)]);
    }
  });
});
