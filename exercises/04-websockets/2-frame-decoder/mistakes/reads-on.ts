// After a refusal the next chunk is read as if nothing had happened: frames of a client that was thrown out still count.
// Fails: after a refusal nothing is read any more
// Lesson: chapters/04-websockets/README.md#build-it
// Hint: Who remembers that this connection is over, when the next chunk comes before it is closed?
import type { CloseCode, Decoded, DecoderOptions, Frame } from "../exercise.ts";

export function createFrameDecoder({ maxPayloadBytes }: DecoderOptions): (chunk: Buffer) => Decoded {
  let rest: Buffer = Buffer.alloc(0);
  let closeCode: CloseCode | undefined;

  return function read(chunk) {
    rest = Buffer.concat([rest, chunk]);
    const frames: Frame[] = [];
    let next = takeFrame();
    while (typeof next === "object") {
      frames.push(next);
      next = takeFrame();
    }
    closeCode = next;
    if (closeCode !== undefined) rest = Buffer.alloc(0);
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
