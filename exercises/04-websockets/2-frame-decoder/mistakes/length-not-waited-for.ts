// The length is read before all of its bytes are there: a chunk that ends in the middle of it throws an error, and the connection is lost.
// Fails: a chunk may end in the middle of a length
// Lesson: chapters/04-websockets/README.md#what-goes-over-the-wire
// Hint: How many bytes must be there before you may read the length? The mark tells.
import type { CloseCode, Decoded, DecoderOptions, Frame } from "../exercise.ts";

export function createFrameDecoder({ maxPayloadBytes }: DecoderOptions): (chunk: Buffer) => Decoded {
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
    let length = short;
    if (short === 126) length = rest.readUInt16BE(2);
    if (short === 127) length = Number(rest.readBigUInt64BE(2));
    if (length > maxPayloadBytes) return 1009;
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
