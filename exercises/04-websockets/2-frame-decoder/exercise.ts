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

  // TODO: Read nothing more after a refusal.
  return function read(chunk) {
    rest = Buffer.concat([rest, chunk]);
    // TODO: Take frames for as long as there is one.
    const next = takeFrame();
    if (next === undefined) return { frames: [] };
    return typeof next === "number" ? { frames: [], closeCode: next } : { frames: [next] };
  };

  /** The first frame in `rest`, or why it is refused, or undefined while it is not all there. */
  function takeFrame(): Frame | CloseCode | undefined {
    const [first, second] = rest;
    if (first === undefined || second === undefined) return undefined;
    // TODO: Refuse a frame without the mask bit.
    // TODO: Read the lengths that stand behind 126 and 127.
    const length = second & 0x7f;
    if (length > maxPayloadBytes) return 1009;
    // TODO: Wait until the whole frame is there, unmask the payload, and keep what is behind it.
    const payload = rest.subarray(2);
    rest = Buffer.alloc(0);
    return { fin: (first & 0x80) !== 0, opcode: first & 0x0f, payload };
  }
}
