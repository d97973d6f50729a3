// WebSocket frames, by hand: to understand them. The server of this chapter uses `ws`.
import { isUtf8 } from "node:buffer";
import { randomBytes } from "node:crypto";

/** RFC 6455, section 5.2. From 8 on they are control frames. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  /** The last frame of its message. */
  readonly fin: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** The connection has to be closed, with this code. */
export class FrameError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The bytes of a frame. A client masks what it sends, with a new key for every frame: otherwise a page could choose
 * the bytes on the wire, and fool a proxy into taking them for HTTP. A server does not.
 */
export function encodeFrame(frame: Frame, sender: "client" | "server"): Buffer {
  const { fin, opcode, payload } = frame;
  const first = (fin ? 0x80 : 0) | opcode;
  const maskBit = sender === "client" ? 0x80 : 0;
  let head: Buffer;
  if (payload.length < 126) {
    head = Buffer.from([first, maskBit | payload.length]);
  } else if (payload.length < 65_536) {
    head = Buffer.from([first, maskBit | 126, 0, 0]);
    head.writeUInt16BE(payload.length, 2);
  } else {
    head = Buffer.from([first, maskBit | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  if (sender === "server") return Buffer.concat([head, payload]);
  const key = randomBytes(4);
  return Buffer.concat([head, key, masked(payload, key)]);
}

/** The same operation masks and unmasks: byte i is XORed with byte i mod 4 of the key. */
function masked(payload: Buffer, key: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ (key[index % 4] as number)));
}

export interface FrameReaderOptions {
  /** Who sends what is read here. */
  readonly sender: "client" | "server";
  /** Of a whole message, in bytes. */
  readonly maxMessageBytes: number;
}

/** A whole message, or a control frame. */
export type Incoming =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "binary"; readonly bytes: Buffer }
  | { readonly type: "ping" | "pong"; readonly bytes: Buffer }
  /** 1005: the frame gave none. */
  | { readonly type: "close"; readonly code: number; readonly reason: string };

/**
 * Reads frames from one side of a connection, and puts fragments together.
 *
 * @returns takes the next bytes, in pieces of any size, and returns the messages that are complete
 * @throws {FrameError} from that function, when the sender breaks the rules
 */
export function createFrameReader({ sender, maxMessageBytes }: FrameReaderOptions) {
  let rest: Buffer = Buffer.alloc(0);
  /** Fragments of a message that is not complete. */
  let fragments: Frame[] = [];

  return function read(bytes: Buffer): Incoming[] {
    rest = Buffer.concat([rest, bytes]);
    const messages: Incoming[] = [];
    for (let frame = takeFrame(); frame; frame = takeFrame()) {
      const message = frame.opcode >= OPCODE.close ? controlMessage(frame) : dataMessage(frame);
      if (message) messages.push(message);
    }
    return messages;
  };

  /** The first frame in `rest`, or undefined while it is not all there. What is wrong with its head is said at once. */
  function takeFrame(): Frame | undefined {
    const [first, second] = rest;
    if (first === undefined || second === undefined) return undefined;
    const fin = (first & 0x80) !== 0;
    const opcode = first & 0x0f;
    const isMasked = (second & 0x80) !== 0;
    const shortLength = second & 0x7f;
    if ((first & 0x70) !== 0) throw new FrameError(1002, "a reserved bit is set");
    if (!Object.values<number>(OPCODE).includes(opcode))
      throw new FrameError(1002, `opcode ${opcode} is reserved`);
    if (isMasked !== (sender === "client"))
      throw new FrameError(1002, `a ${sender}'s frame has the wrong mask bit`);
    if (opcode >= OPCODE.close && (!fin || shortLength > 125)) {
      throw new FrameError(1002, "a control frame is one frame, with at most 125 bytes");
    }
    if (
      opcode === OPCODE.continuation ? fragments.length === 0 : opcode < OPCODE.close && fragments.length > 0
    ) {
      throw new FrameError(1002, "a continuation belongs to a message, and nothing else does");
    }

    const maskAt = shortLength === 126 ? 4 : shortLength === 127 ? 10 : 2;
    const payloadAt = maskAt + (isMasked ? 4 : 0);
    if (rest.length < maskAt) return undefined;
    let length = shortLength;
    if (shortLength === 126) length = rest.readUInt16BE(2);
    if (shortLength === 127) length = Number(rest.readBigUInt64BE(2));
    const before =
      opcode < OPCODE.close ? fragments.reduce((sum, { payload }) => sum + payload.length, 0) : 0;
    // Before the payload is there: nobody has to send it for us to refuse it.
    if (before + length > maxMessageBytes) throw new FrameError(1009, "the message is too large");
    if (rest.length < payloadAt + length) return undefined;

    const payload = rest.subarray(payloadAt, payloadAt + length);
    const key = rest.subarray(maskAt, payloadAt);
    rest = rest.subarray(payloadAt + length);
    return { fin, opcode, payload: isMasked ? masked(payload, key) : payload };
  }

  function dataMessage(frame: Frame): Incoming | undefined {
    fragments.push(frame);
    if (!frame.fin) return undefined;
    const bytes = Buffer.concat(fragments.map(({ payload }) => payload));
    const isText = fragments[0]?.opcode === OPCODE.text;
    fragments = [];
    if (!isText) return { type: "binary", bytes };
    // Only the whole message: a fragment may end in the middle of a character.
    if (!isUtf8(bytes)) throw new FrameError(1007, "the text is not UTF-8");
    return { type: "text", text: bytes.toString() };
  }
}

function controlMessage({ opcode, payload }: Frame): Incoming {
  if (opcode === OPCODE.ping) return { type: "ping", bytes: payload };
  if (opcode === OPCODE.pong) return { type: "pong", bytes: payload };
  if (payload.length === 0) return { type: "close", code: 1005, reason: "" };
  const code = payload.length === 1 ? 0 : payload.readUInt16BE(0);
  const reason = payload.subarray(2);
  if (!isCloseCode(code)) throw new FrameError(1002, `${code} is no close code`);
  if (!isUtf8(reason)) throw new FrameError(1007, "the reason is not UTF-8");
  return { type: "close", code, reason: reason.toString() };
}

/** RFC 6455, section 7.4: 1005 and 1006 say that there was none, and so cannot be sent. */
function isCloseCode(code: number): boolean {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
}

/** The payload of a close frame. */
export function closePayload(code: number, reason = ""): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return payload;
}
