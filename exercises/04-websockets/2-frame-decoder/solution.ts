/** One frame, as RFC 6455, section 5.2, has it. */
export interface Frame {
  /** The last frame of its message. */
  readonly fin: boolean;
  readonly opcode: number;
  /** Unmasked. */
  readonly payload: Buffer;
}

/** What a chunk has brought. */
export interface Decoded {
  /** Those that are complete with this chunk. */
  readonly frames: readonly Frame[];
  /** Set when the connection has to be closed. */
  readonly closeCode?: CloseCode;
}

/** 1002: breaks the protocol. 1009: too long. */
export type CloseCode = 1002 | 1009;

export interface DecoderOptions {
  /** Of one frame. */
  readonly maxPayloadBytes: number;
}

/**
 * Reads the frames of one client.
 * @returns takes the next bytes, in chunks of any size
 */
export function createFrameDecoder({ maxPayloadBytes }: DecoderOptions): (chunk: Buffer) => Decoded {
  /** Bytes that belong to no complete frame yet. */
  let rest: Buffer = Buffer.alloc(0);
  let closeCode: CloseCode | undefined;

  return function read(chunk) {
    // Behind a bad frame nobody knows where the next one begins.
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

  /** The first frame in `rest`, or why it is refused, or undefined while it is not all there. */
  function takeFrame(): Frame | CloseCode | undefined {
    const [first, second] = rest;
    if (first === undefined || second === undefined) return undefined;
    if ((second & 0x80) === 0) return 1002;
    const short = second & 0x7f;
    const keyAt = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (rest.length < keyAt) return undefined;
    let length = short;
    if (short === 126) length = rest.readUInt16BE(2);
    // A number cannot hold all of them exactly, but it is exact for every length that is allowed.
    if (short === 127) length = Number(rest.readBigUInt64BE(2));
    // Before the payload is there: nobody has to send it for us to refuse it.
    if (length > maxPayloadBytes) return 1009;
    const payloadAt = keyAt + 4;
    const end = payloadAt + length;
    // Nothing of `rest` has been taken until here, so the same bytes are read again with the next chunk.
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
