import type { Writable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Receiver } from "ws";
import { createFrameDecoder, type FrameHeader, type FrameItem, OPCODES } from "./frame-decoder.ts";
import { createRandom } from "./random.ts";

declare module "ws" {
  /** Exported, and not declared. */
  class Receiver extends Writable {
    constructor(options: { readonly isServer: boolean });
  }
}

type Sender = "client" | "server";

describe("a frame", () => {
  // RFC 6455, section 5.7, gives these bytes.
  test.each<[string, Sender, string, string]>([
    ["is a message", "server", "81 05 48 65 6c 6c 6f", "text Hello"],
    ["of a client is masked", "client", "81 85 37 fa 21 3d 7f 9f 4d 51 58", "text Hello"],
    ["may be a fragment", "server", "01 03 48 65 6c 80 02 6c 6f", "text Hel… | continuation lo"],
    ["may be a ping or a pong", "server", "89 05 48 65 6c 6c 6f 8a 00", "ping Hello | pong"],
    [
      "may come between fragments",
      "server",
      "01 01 61 89 01 62 80 01 63",
      "text a… | ping b | continuation c",
    ],
    ["may end amid a character", "server", "01 01 c3 80 01 a9", "text \xc3… | continuation \xa9"],
    ["of bytes is not text", "server", "82 02 c3 28", "binary \xc3("],
    ["may close", "server", "88 05 03 e8 62 79 65", "close \x03\xe8bye = 1000 bye"],
    ["may close without a code", "client", "88 80 00 00 00 00", "close"],
  ])("%s", (_, sender, hex, outline) => {
    expect(outlineOf(decode(sender, [fromHex(hex)]))).toBe(outline);
  });

  test("is told in pieces: what its first bytes say, its payload as it comes, and what only its end tells", () => {
    const decoder = createFrameDecoder("client");
    expect(decoder.push(fromHex("c1 85 37 fa 21"))).toEqual([]);
    expect(decoder.undecided).toBe(5);
    const maskKey = fromHex("37 fa 21 3d");
    const header = { fin: true, reserved: [true, false, false], opcode: 1, maskKey, length: 5 };
    expect(decoder.push(fromHex("3d 7f 9f"))).toEqual([
      { type: "header", size: 6, header },
      { type: "payload", size: 2, bytes: Buffer.from("He") },
    ]);
    const problem = { code: 1002, message: "a reserved bit is set, and no extension was agreed on" };
    expect(decoder.push(fromHex("4d 51 58"))).toEqual([
      { type: "payload", size: 3, bytes: Buffer.from("llo") },
      { type: "end", size: 0, frame: { close: undefined, problem } },
    ]);
  });

  test.each([
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ])("with a payload of %d bytes has a header of %d", (length, size) => {
    const [header] = decode("server", [frame({ opcode: 2, payload: Buffer.alloc(length) })]);
    expect(header).toMatchObject({ type: "header", size, header: { length } });
  });
});

describe("a problem", () => {
  const tooLong = `89 7e 00 7e ${"00 ".repeat(126)}`;
  test.each<[string, string, Sender?]>([
    ["1002 a reserved bit is set, and no extension was agreed on", "91 00"],
    ["1002 opcode 3 is reserved", "83 00"],
    ["1002 there is no message to continue", "80 00"],
    ["1002 the last message is not complete yet", "01 00 81 00"],
    ["1002 a control frame cannot be fragmented", "09 00"],
    ["1002 a control frame has at most 125 bytes", tooLong],
    ["1002 the length takes more bytes than it needs", "81 7e 00 01 61"],
    ["1002 a client must mask its frames", "81 00", "client"],
    ["1002 a server must not mask its frames", "81 80 00 00 00 00"],
    ["1002 a close code has two bytes", "88 01 03"],
    ["1002 1005 cannot be sent as a close code", "88 02 03 ed"],
    ["1007 the reason is not UTF-8", "88 03 03 e8 ff"],
    ["1007 the text is not UTF-8", "01 01 c3 80 00"],
    ["1009 the length is beyond all numbers", "82 7f 00 20 00 00 00 00 00 00"],
    // Where there are two, the first one counts.
    ["1002 opcode 3 is reserved", "83 7f 00 20 00 00 00 00 00 00"],
  ])("may be: %s", (problem, hex, sender = "server") => {
    const ends = decode(sender, [fromHex(hex)]).flatMap((item) => (item.type === "end" ? [item.frame] : []));
    expect(problem).toBe(`${ends.at(-1)?.problem?.code} ${ends.at(-1)?.problem?.message}`);
  });

  test("does not hide the next frame", () => {
    expect(outlineOf(decode("server", [fromHex("83 01 61 81 01 62")]))).toBe("3 a (1002) | text b");
  });

  test("with the length does: nobody knows where that begins", () => {
    const items = decode("server", [fromHex("82 7f 80 00 00 00 00 00 00 00 81"), fromHex("00")]);
    expect(outlineOf(items)).toBe("binary (1009) | raw \x81\0");
  });
});

describe("ws and this decoder read the same", () => {
  const bytes = fc.uint8Array({ maxLength: 5 }).map((some) => Buffer.from(some));
  const text = fc.constantFrom("", "a", "é", "😀", "a\0é😀").map((some) => Buffer.from(some));
  const long = fc.constantFrom(124, 125, 126, 127, 300).map((length) => Buffer.alloc(length, "a"));
  const huge = fc.constantFrom(65_535, 65_536).map((length) => Buffer.alloc(length, "a"));
  const data = fc.record({
    opcode: fc.constantFrom(1, 2),
    fin: fc.boolean(),
    payload: fc.oneof(
      { weight: 2_000, arbitrary: text },
      { weight: 100, arbitrary: long },
      { weight: 1, arbitrary: huge },
    ),
  });
  const control = fc.record({ opcode: fc.constantFrom(9, 10), fin: fc.constant(true), payload: bytes });
  const codes = [999, 1000, 1003, 1004, 1006, 1014, 1015, 2999, 3000, 4999, 5000, 65_535];
  const close = fc
    .tuple(fc.constantFrom(...codes), fc.oneof(text, bytes))
    .map(([code, reason]) => Buffer.concat([Buffer.from([code >> 8, code]), reason]));
  const wrong: Partial<Frame>[] = [
    ...[0, 1, 3, 7, 8, 11, 15].map((opcode) => ({ opcode })),
    ...[1, 2, 4].map((reserved) => ({ reserved })),
    ...[126, 127].map((form) => ({ opcode: 9, payload: Buffer.from("a"), form })),
    ...[2n ** 53n, 2n ** 63n].map((length) => ({ payload: Buffer.alloc(0), length })),
    { opcode: 8, payload: Buffer.alloc(1) },
    { opcode: 9, payload: Buffer.alloc(126) },
    { opcode: 8, fin: false },
    ...[{ mask: undefined }, { mask: Buffer.alloc(4) }, { payload: Buffer.from([0xff]) }],
  ];
  const twist = fc.oneof(
    { weight: 30, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
    { weight: 1, arbitrary: close.map((payload) => ({ opcode: 8, fin: true, payload })) },
  );
  const stream = fc.array(fc.tuple(fc.oneof(data, control), fc.nat(3), twist), {
    maxLength: 30,
    size: "max",
  });

  // It tells a problem when the header has come, and this decoder at the end of the frame. And it lets a message take
  // more bytes for its length than it needs, which RFC 6455 forbids: only pings do that here.
  test.each<Sender>(["client", "server"])("in 10,000 streams of a %s", { timeout: 60_000 }, (sender) => {
    const mask = sender === "client" ? Buffer.from([1, 2, 4, 128]) : undefined;
    const property = fc.property(stream, fc.integer(), (all, seed) => {
      let isOpen = false;
      let late: Buffer = Buffer.alloc(0);
      const frames = all.map(([each, lateBytes, twisted]) => {
        if (each.opcode > 2) return frame({ ...each, mask, ...twisted });
        const opcode = isOpen ? 0 : each.opcode;
        isOpen = !each.fin;
        // A fragment may end in the middle of a character.
        const payload = Buffer.concat([late, each.payload]);
        const end = each.fin ? payload.length : Math.max(0, payload.length - lateBytes);
        late = payload.subarray(end);
        return frame({ opcode, fin: each.fin, payload: payload.subarray(0, end), mask, ...twisted });
      });
      const pieces = cut(Buffer.concat(frames), createRandom(seed));
      expect(readHere(sender, pieces)).toEqual(readByWs(sender, pieces));
    });
    fc.assert(property, { numRuns: 10_000 });
  });
});

describe("a million random bytes", () => {
  const likely = fromHex("00 00 00 01 01 02 03 80 81 82 88 89 7e 7f fe c3 a9 e8");
  test.each<Sender>(["client", "server"])("do not break the decoder of a %s", (sender) => {
    const property = fc.property(fc.integer(), fc.boolean(), (seed, isLikely) => {
      const random = createRandom(seed);
      const likelyByte = () => likely[Math.floor(random() * likely.length)] ?? 0;
      const anyByte = () => random() * 256;
      const bytes = Buffer.from(Array.from({ length: 500 }, isLikely ? likelyByte : anyByte));
      // Each byte is told once, or decode() would say so, and the same however they are cut.
      expect(outlineOf(decode(sender, cut(bytes, random)))).toBe(outlineOf(decode(sender, [bytes])));
    });
    fc.assert(property, { numRuns: 4_500 });
  });
});

interface Frame {
  readonly fin?: boolean;
  readonly reserved?: number;
  readonly opcode: number;
  readonly mask?: Buffer | undefined;
  readonly payload: Buffer;
  /** What it says about its length, where that is not the truth. */
  readonly length?: bigint;
  /** 126 or 127, where the length would take fewer bytes. */
  readonly form?: number;
}

function frame({ fin = true, reserved = 0, opcode, mask, payload, length, form }: Frame): Buffer {
  const told = length ?? BigInt(payload.length);
  const shortest = told < 126 ? Number(told) : told < 65_536 ? 126 : 127;
  const short = form ?? shortest;
  const header = Buffer.alloc(short === 127 ? 10 : short === 126 ? 4 : 2);
  header[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  header[1] = (mask ? 0x80 : 0) | short;
  if (short === 126) header.writeUInt16BE(Number(told), 2);
  if (short === 127) header.writeBigUInt64BE(told, 2);
  const masked = payload.map((byte, index) => byte ^ (mask?.[index % 4] ?? 0));
  return Buffer.concat([header, mask ?? Buffer.alloc(0), masked]);
}

function fromHex(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(" ", ""), "hex");
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

/** All that a decoder tells. Each byte must be in one item, or undecided. */
function decode(sender: Sender, pieces: readonly Buffer[]): FrameItem[] {
  const decoder = createFrameDecoder(sender);
  const items: FrameItem[] = [];
  let untold = 0;
  for (const piece of pieces) {
    const more = decoder.push(piece);
    untold += piece.length - more.reduce((sum, { size }) => sum + size, 0);
    if (untold !== decoder.undecided) throw new Error(`${decoder.undecided} bytes are not ${untold}`);
    items.push(...more);
  }
  return items;
}

/** For a reader. Neighbouring pieces of a payload are put together: where they were cut means nothing. */
function outlineOf(items: readonly FrameItem[]): string {
  let outline = "";
  let ending = "";
  for (const [index, item] of items.entries()) {
    const isMore = items[index - 1]?.type === item.type;
    if (item.type === "header") {
      const { fin, opcode } = item.header;
      outline += ` | ${OPCODES[opcode] ?? opcode}`;
      ending = fin ? "" : "…";
    } else if (item.type === "end") {
      const { close, problem } = item.frame;
      outline += `${ending}${close ? ` = ${close.code} ${close.reason}` : ""}${problem ? ` (${problem.code})` : ""}`;
    } else {
      const name = item.type === "raw" ? " | raw " : " ";
      outline += `${isMore ? "" : name}${item.bytes.toString("latin1")}`;
    }
  }
  return outline.slice(" | ".length);
}

/** Messages, pings and pongs, until a close or the first problem. */
function readHere(sender: Sender, pieces: readonly Buffer[]): string[] {
  const told: string[] = [];
  let message = "";
  let payload = "";
  let header: FrameHeader | undefined;
  for (const item of decode(sender, pieces)) {
    if (item.type === "header") header = item.header;
    if (item.type === "payload") payload += item.bytes.toString("latin1");
    if (item.type !== "end" || !header) continue;
    const { opcode, fin } = header;
    const { close, problem } = item.frame;
    if (problem) return [...told, `problem ${problem.code}`];
    if (opcode === 8) return [...told, `close ${close?.code ?? 1005} ${close?.reason ?? ""}`];
    if (opcode > 8) told.push(`${OPCODES[opcode]} ${payload}`);
    else message += opcode === 0 ? payload : `${OPCODES[opcode]} ${payload}`;
    if (opcode < 8 && fin) {
      told.push(message);
      message = "";
    }
    payload = "";
  }
  return told;
}

function readByWs(sender: Sender, pieces: readonly Buffer[]): string[] {
  const told: string[] = [];
  let isOver = false;
  const receiver = new Receiver({ isServer: sender === "client" });
  const tell = (kind: string, bytes: Buffer) => told.push(`${kind} ${bytes.toString("latin1")}`);
  receiver.on("message", (bytes: Buffer, isBinary: boolean) => tell(isBinary ? "binary" : "text", bytes));
  receiver.on("ping", (bytes: Buffer) => tell("ping", bytes));
  receiver.on("pong", (bytes: Buffer) => tell("pong", bytes));
  receiver.on("conclude", (code: number, reason: Buffer) => {
    told.push(`close ${code} ${reason}`);
    isOver = true;
  });
  for (const piece of pieces) {
    if (isOver) break;
    // Not write(), which tells of an error only later. It unmasks where the bytes are: hence the copy.
    receiver._write(Buffer.from(piece), "binary", (error) => {
      if (!error) return;
      told.push(`problem ${closeCodeOf(error)}`);
      isOver = true;
    });
  }
  return told;
}

/** ws keeps it under a symbol of its own. */
function closeCodeOf(error: Error): unknown {
  const [symbol] = Object.getOwnPropertySymbols(error);
  return symbol && Reflect.get(error, symbol);
}
