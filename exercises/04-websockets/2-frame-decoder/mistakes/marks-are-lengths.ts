// The marks 126 and 127 are taken for lengths: short messages work, and every longer one ends in noise or a refusal.
// Fails: from 126 bytes on the length stands in two bytes more
// Lesson: chapters/04-websockets/README.md#what-goes-over-the-wire
// Hint: 126 and 127 do not say how long the payload is. They say where that stands.
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
    const keyAt = 2;
    if (rest.length < keyAt) return undefined;
    const length = short;
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
