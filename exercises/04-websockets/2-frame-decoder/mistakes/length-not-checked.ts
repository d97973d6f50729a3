// The limit is never compared with anything: ten bytes make the server buffer until it is gone.
// Fails: a frame that is too long is refused when it is announced
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: `maxPayloadBytes` is given to you. Where do you look at it?
import type { CloseCode, Decoded, DecoderOptions, Frame } from "../exercise.ts";

export function createFrameDecoder(_options: DecoderOptions): (chunk: Buffer) => Decoded {
  let rest: Buffer = Buffer.alloc(0);
  let closeCode: CloseCode | undefined;

  return function read(chunk) {
    if (closeCode !== undefined) return { frames: [], closeCode };
    rest = Buffer.concat([rest, chunk]);
    const frames: Frame[] = [];
    let next = takeFrame();
    while (typeof next === "object") {
      frames.push(next);
      next = takeFrame();
    }
    closeCode = next;
    return closeCode === undefined ? { frames } : { frames, closeCode };
  };

  function takeFrame(): Frame | CloseCode | undefined {
    const [first, second] = rest;
    if (first === undefined || second === undefined) return undefined;
    if ((second & 0x80) === 0) return 1002;
    const short = second & 0x7f;
    const keyAt = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (rest.length < keyAt) return undefined;
    let length = short;
    if (short === 126) length = rest.readUInt16BE(2);
    if (short === 127) length = Number(rest.readBigUInt64BE(2));
    const payloadAt = keyAt + 4;
    const end = payloadAt + length;
    if (rest.length < end) return undefined;
    const key = rest.subarray(keyAt, payloadAt);
    const payload = unmasked(rest.subarray(payloadAt, end), key);
    rest = rest.subarray(end);
    return { fin: (first & 0x80) !== 0, opcode: first & 0x0f, payload };
  }
}

function unmasked(payload: Buffer, key: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ (key[index % 4] ?? 0)));
}
