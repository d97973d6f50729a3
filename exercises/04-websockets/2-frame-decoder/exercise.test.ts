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
  const counts = [...frame("Buy paint")].map((byte) => read(Buffer.from([byte])).frames);
  expect(counts, "the frames after each of the 15 bytes").toEqual([
    ...Array.from({ length: 14 }, () => []),
    ['opcode 1: "Buy paint"'],
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
  const read = decoder(log);
  expect(read(frame(WORDS.repeat(30))), "what a frame with 330 bytes was read as").toEqual({
    frames: ["opcode 1: 330 bytes, as sent"],
  });
});

test("from 65,536 bytes on it stands in eight, and the limit itself is allowed", ({ log }) => {
  const bytes = frame(WORDS.repeat(6_000));
  const read = decoder(log, { maxPayloadBytes: 66_000 });
  expect(
    [read(bytes.subarray(0, 40_000)), read(bytes.subarray(40_000))],
    "what two chunks were read as",
  ).toEqual([{ frames: [] }, { frames: ["opcode 1: 66000 bytes, as sent"] }]);
});

test("a frame without a mask is refused by its head, and those before it are not lost", ({ log }) => {
  const whole = decoder(log)(Buffer.from("\x81\x05Hello", "latin1"));
  const read = decoder(log);
  const announced = read(Buffer.concat([frame("Hello"), Buffer.from([0x81, 0x05])]));
  expect(
    { whole, announced },
    "what came of a whole frame without mask, and of its head behind a good frame",
  ).toEqual({
    whole: { frames: [], closeCode: 1002 },
    announced: { frames: ['opcode 1: "Hello"'], closeCode: 1002 },
  });
  expect(read(frame("Hello again")), "what came out after the refusal").toEqual({
    frames: [],
    closeCode: 1002,
  });
});

test("a frame that is too long is refused when it is announced", ({ log }) => {
  const lengths = [1_001, 2n ** 32n + 5n, 2n ** 62n];
  const answers = lengths.map((length) => decoder(log, { maxPayloadBytes: 1_000 })(head(length)));
  expect(answers, "the answers to heads that announce 1,001 bytes, 4 GiB and 5 bytes, and 4 EiB").toEqual(
    lengths.map(() => ({ frames: [], closeCode: 1009 })),
  );
});
