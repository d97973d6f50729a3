// The mask begins anew with every chunk: long messages turn into noise in the middle.
// Fails: a chunk ends one frame and begins the next
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: A payload may come in parts. Is the first byte of the second part byte 0 of the payload?
import type { CloseCode, Decoded, DecoderOptions, Frame } from "../exercise.ts";

export function createFrameDecoder({ maxPayloadBytes }: DecoderOptions): (chunk: Buffer) => Decoded {
  let rest: Buffer = Buffer.alloc(0);
  let closeCode: CloseCode | undefined;
  let current: { fin: boolean; opcode: number; length: number; key: Buffer } | undefined;
  let payload: Buffer = Buffer.alloc(0);

  return function read(chunk) {
    if (closeCode !== undefined) return { frames: [], closeCode };
    rest = Buffer.concat([rest, chunk]);
    const frames: Frame[] = [];
    for (;;) {
      current ??= takeHead();
      if (!current) break;
      const part = rest.subarray(0, current.length - payload.length);
      rest = rest.subarray(part.length);
      payload = Buffer.concat([payload, unmasked(part, current.key)]);
      if (payload.length < current.length) break;
      frames.push({ fin: current.fin, opcode: current.opcode, payload });
      current = undefined;
      payload = Buffer.alloc(0);
    }
    return closeCode === undefined ? { frames } : { frames, closeCode };
  };

  function takeHead(): typeof current {
    const [first, second] = rest;
    if (first === undefined || second === undefined) return undefined;
    if ((second & 0x80) === 0) {
      closeCode = 1002;
      return undefined;
    }
    const short = second & 0x7f;
    const keyAt = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (rest.length < keyAt + 4) return undefined;
    let length = short;
    if (short === 126) length = rest.readUInt16BE(2);
    if (short === 127) length = Number(rest.readBigUInt64BE(2));
    if (length > maxPayloadBytes) {
      closeCode = 1009;
      return undefined;
    }
    const key = rest.subarray(keyAt, keyAt + 4);
    rest = rest.subarray(keyAt + 4);
    return { fin: (first & 0x80) !== 0, opcode: first & 0x0f, length, key };
  }
}

function unmasked(part: Buffer, key: Buffer): Buffer {
  return Buffer.from(part.map((byte, index) => byte ^ (key[index % 4] ?? 0)));
}
