import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createFrameDecoder, type Decoded, type DecoderOptions } from "./exercise.ts";

/** A client draws one for each frame; these are always the same, so that each run is. */
const KEYS = [
  [0x37, 0xfa, 0x21, 0x3d],
  [0x0b, 0x5e, 0xc4, 0x91],
];
const WORDS = "Buy paint. ";

/** The head of a client's frame, with its key, as it goes over the wire. */
function head(length: number | bigint, key = 0, firstByte = 0x81): Buffer {
  const size = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const lengthBytes = Buffer.alloc(8);
  lengthBytes.writeBigUInt64BE(BigInt(length));
  const second = 0x80 | (size === 0 ? Number(length) : size === 2 ? 126 : 127);
  return Buffer.from([firstByte, second, ...lengthBytes.subarray(8 - size), ...(KEYS[key] ?? [])]);
}

function frame(text: string, key = 0, firstByte = 0x81): Buffer {
  const masked = Buffer.from(text).map((byte, index) => byte ^ (KEYS[key]?.[index % 4] ?? 0));
  return Buffer.concat([head(masked.length, key, firstByte), masked]);
}

/** A decoder that logs what it is fed, and returns what a learner can read. */
function decoder(log: Log, options: DecoderOptions = { maxPayloadBytes: 70_000 }) {
  log(`createFrameDecoder(${JSON.stringify(options)})`);
  const read = createFrameDecoder(options);
  return (chunk: Buffer) => {
    const start = chunk
      .subarray(0, 16)
      .toString("hex")
      .replaceAll(/..(?=.)/g, "$& ");
    log(`read(${chunk.length} bytes: ${start}${chunk.length > 16 ? " …" : ""})`);
    return readable(read(chunk));
  };
}

function readable({ frames, closeCode }: Decoded) {
  const texts = frames.map(
    ({ fin, opcode, payload }) => `${fin ? "" : "no FIN, "}opcode ${opcode}: ${described(payload)}`,
  );
  return closeCode === undefined ? { frames: texts } : { frames: texts, closeCode };
}

function described(payload: Buffer): string {
  const text = payload.toString("latin1");
  if (text.length <= 20) return JSON.stringify(text);
  const isWhole = text === WORDS.repeat(text.length / WORDS.length);
  return `${text.length} bytes, ${isWhole ? "as sent" : "not as sent"}`;
}

test("a frame comes out unmasked", ({ log }) => {
  expect(decoder(log)(frame("Hello")), "what one frame was read as").toEqual({
    frames: ['opcode 1: "Hello"'],
  });
});

test("several frames in one chunk come out in order, each with its own key", ({ log }) => {
  const chunk = Buffer.concat([
    frame("Buy", 0, 0x01),
    frame("", 0, 0x89),
    frame("paint", 1, 0x80),
    frame("", 1, 0x8a),
  ]);
  expect(decoder(log)(chunk), "what four frames in one chunk were read as").toEqual({
    frames: ['no FIN, opcode 1: "Buy"', 'opcode 9: ""', 'opcode 0: "paint"', 'opcode 10: ""'],
  });
});

test("a frame that comes byte by byte comes out with its last byte", ({ log }) => {
  const read = decoder(log);
  const answers = [...frame("Buy paint")].map((byte) => read(Buffer.from([byte])));
  expect(
    [...answers, read(frame("and a brush", 1))],
    "what was read after each of the 15 bytes, and after one more frame",
  ).toEqual([
    ...Array.from({ length: 14 }, () => ({ frames: [] })),
    { frames: ['opcode 1: "Buy paint"'] },
    { frames: ['opcode 1: "and a brush"'] },
  ]);
});

test("a chunk ends one frame and begins the next", ({ log }) => {
  const read = decoder(log);
  const bytes = Buffer.concat([frame("Buy paint"), frame("and a brush", 1)]);
  const all = [bytes.subarray(0, 9), bytes.subarray(9, 22), bytes.subarray(22)].map(
    (chunk) => read(chunk).frames,
  );
  expect(all, "the frames after each of three chunks").toEqual([
    [],
    ['opcode 1: "Buy paint"'],
    ['opcode 1: "and a brush"'],
  ]);
});

test("from 126 bytes on the length stands in two bytes more", ({ log }) => {
  // The limit is near what one gets with the lowest byte first, so that a length from another place is refused.
  const read = decoder(log, { maxPayloadBytes: 18_950 });
  expect(
    [read(frame(WORDS.repeat(30))), read(frame("Hello", 1))],
    "what a frame with 330 bytes and one more were read as",
  ).toEqual([{ frames: ["opcode 1: 330 bytes, as sent"] }, { frames: ['opcode 1: "Hello"'] }]);
});

test("from 65,536 bytes on it stands in eight, and the limit itself is allowed", ({ log }) => {
  const bytes = frame(WORDS.repeat(6_000));
  const read = decoder(log, { maxPayloadBytes: 66_000 });
  const atTheLimit = [read(bytes.subarray(0, 40_000)), read(bytes.subarray(40_000))];
  const belowIt = decoder(log, { maxPayloadBytes: 66_001 })(bytes);
  expect(
    { atTheLimit, belowIt },
    "what two chunks were read as, and the same bytes with a limit that is higher by one",
  ).toEqual({
    atTheLimit: [{ frames: [] }, { frames: ["opcode 1: 66000 bytes, as sent"] }],
    belowIt: { frames: ["opcode 1: 66000 bytes, as sent"] },
  });
});

test("a chunk may end in the middle of a length", ({ log }) => {
  const short = frame(WORDS.repeat(30));
  const long = frame(WORDS.repeat(6_000));
  const read = decoder(log);
  expect(
    [short.subarray(0, 3), short.subarray(3), long.subarray(0, 7), long.subarray(7)].map(read),
    "what was read after each of four chunks",
  ).toEqual([
    { frames: [] },
    { frames: ["opcode 1: 330 bytes, as sent"] },
    { frames: [] },
    { frames: ["opcode 1: 66000 bytes, as sent"] },
  ]);
});

test("a frame without a mask is refused by its head, and those before it are not lost", ({ log }) => {
  const bytes = Buffer.from("\x81\x05Hello", "latin1");
  const head = bytes.subarray(0, 2);
  const answers = {
    whole: decoder(log)(bytes),
    head: decoder(log)(head),
    "all but one byte": decoder(log)(bytes.subarray(0, 6)),
    "head behind a good frame": decoder(log)(Buffer.concat([frame("Hello"), head])),
  };
  expect(answers, "what came of a frame without mask, by what there is of it").toEqual({
    whole: { frames: [], closeCode: 1002 },
    head: { frames: [], closeCode: 1002 },
    "all but one byte": { frames: [], closeCode: 1002 },
    "head behind a good frame": { frames: ['opcode 1: "Hello"'], closeCode: 1002 },
  });
});

test("a frame that is too long is refused when it is announced", ({ log }) => {
  const announced = [1_001, 2n ** 32n + 5n, 2n ** 62n].map((length) =>
    decoder(log, { maxPayloadBytes: 1_000 })(head(length)),
  );
  const short = decoder(log, { maxPayloadBytes: 100 })(head(101));
  const whole = decoder(log, { maxPayloadBytes: 1_000 })(frame(WORDS.repeat(100)));
  const refusal = { frames: [], closeCode: 1009 };
  expect(
    { announced, short, whole },
    "the answers to heads that announce 1,001 bytes, 4 GiB and 5 bytes, and 4 EiB; to a head with 101 where 100 are allowed; and to a whole frame with 1,100 bytes",
  ).toEqual({ announced: [refusal, refusal, refusal], short: refusal, whole: refusal });
});

test("after a refusal nothing is read any more", ({ log }) => {
  const withoutMask = decoder(log);
  withoutMask(Buffer.from([0x81, 0x05]));
  const tooLong = decoder(log, { maxPayloadBytes: 1_000 });
  tooLong(head(1_001));
  expect(
    { withoutMask: withoutMask(frame("Hello again")), tooLong: tooLong(frame("Hello again")) },
    "what came of a good frame after the refusal, by what was refused",
  ).toEqual({
    withoutMask: { frames: [], closeCode: 1002 },
    tooLong: { frames: [], closeCode: 1009 },
  });
});
