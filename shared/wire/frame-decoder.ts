/**
 * Reads the frames of one direction of a WebSocket connection, after its handshake, in pieces of any size.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export interface FrameDecoder {
  /** Takes the next bytes and returns what has become clear by them. It never throws. */
  push(bytes: Buffer): FrameItem[];
  /** How many bytes have come that no item covers yet: the beginning of a frame's header. */
  readonly undecided: number;
}

/** `size` is the number of bytes on the wire that the item covers: all items together are the whole stream. */
export type FrameItem =
  | { readonly type: "header"; readonly size: number; readonly header: FrameHeader }
  /** A piece of the payload, unmasked. */
  | { readonly type: "payload"; readonly size: number; readonly bytes: Buffer }
  | { readonly type: "end"; readonly size: 0; readonly frame: FrameEnd }
  /** Where frames begin and end is not known any more. */
  | { readonly type: "raw"; readonly size: number; readonly bytes: Buffer };

export interface FrameHeader {
  /** The last frame of its message. */
  readonly fin: boolean;
  /** RSV1, RSV2, RSV3: 0 unless an extension gives them a meaning; RSV1 is permessage-deflate's. */
  readonly reserved: readonly [boolean, boolean, boolean];
  readonly opcode: number;
  /** Four bytes, if the payload is masked. */
  readonly maskKey: Buffer | undefined;
  /** Of the payload, in bytes. */
  readonly length: number;
}

/** What only the whole frame tells. */
export interface FrameEnd {
  /** Of a close frame that gives one. */
  readonly close: { readonly code: number; readonly reason: string } | undefined;
  /** What a peer that follows the specification would close the connection for. */
  readonly problem: FrameProblem | undefined;
}

export interface FrameProblem {
  /** The close code for it: 1002 or 1007, or 1009 for a length that no number can hold. */
  readonly code: number;
  readonly message: string;
}

export const OPCODES: Readonly<Record<number, string>> = {
  0: "continuation",
  1: "text",
  2: "binary",
  8: "close",
  9: "ping",
  10: "pong",
};

const CONTINUATION = 0;
const TEXT = 1;
const CLOSE = 8;

/** Control frames are small, so that they can go between the fragments of a message. In bytes. */
const MAX_CONTROL_LENGTH = 125;

const NOTHING = Buffer.alloc(0);

/** @param sender a client masks its frames, and a server does not */
export function createFrameDecoder(sender: "client" | "server"): FrameDecoder {
  let rest: Buffer = NOTHING;
  let frame: OpenFrame | undefined;
  /** The message whose first fragments have come and whose last one has not. */
  let message: { readonly isText: boolean; readonly utf8: Utf8Check } | undefined;
  let isLost = false;

  function push(bytes: Buffer): FrameItem[] {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const items: FrameItem[] = [];
    for (let more = next(); more.length > 0; more = next()) items.push(...more);
    return items;
  }

  function next(): FrameItem[] {
    if (isLost)
      return rest.length === 0 ? [] : [{ type: "raw", size: rest.length, bytes: take(rest.length) }];
    return frame ? nextPayload(frame) : nextHeader();
  }

  function nextHeader(): FrameItem[] {
    const parsed = parseHeader(rest);
    if (parsed === undefined) return [];
    take(parsed.size);
    const { header, size } = parsed;
    const opened: OpenFrame = { header, left: header.length, problem: check(header, size), control: [] };
    // A message begins with the first fragment that is allowed to be one.
    if (isData(header) && header.opcode !== CONTINUATION && !message && !opened.problem) {
      message = { isText: header.opcode === TEXT, utf8: createUtf8Check() };
    }
    frame = opened;
    const items: FrameItem[] = [{ type: "header", size, header }];
    if (!Number.isSafeInteger(header.length)) {
      isLost = true;
      const problem = opened.problem ?? { code: 1009, message: "the length is beyond all numbers" };
      items.push({ type: "end", size: 0, frame: { close: undefined, problem } });
    } else if (header.length === 0) {
      items.push(endFrame(opened));
    }
    return items;
  }

  function nextPayload(open: OpenFrame): FrameItem[] {
    if (rest.length === 0) return [];
    const offset = open.header.length - open.left;
    const bytes = unmask(take(Math.min(open.left, rest.length)), open.header, offset);
    open.left -= bytes.length;
    if (!isData(open.header)) open.control.push(bytes.subarray(0, Math.max(0, MAX_CONTROL_LENGTH - offset)));
    else if (message?.isText) message.utf8.push(bytes);
    const items: FrameItem[] = [{ type: "payload", size: bytes.length, bytes }];
    if (open.left === 0) items.push(endFrame(open));
    return items;
  }

  function endFrame({ header, problem, control }: OpenFrame): FrameItem {
    frame = undefined;
    let close: FrameEnd["close"];
    let found = problem;
    if (header.opcode === CLOSE) {
      const payload = Buffer.concat(control);
      if (payload.length >= 2) close = { code: payload.readUInt16BE(0), reason: payload.toString("utf8", 2) };
      found ??= checkClose(payload);
    } else if (isData(header) && header.fin && message) {
      if (message.isText && !message.utf8.end()) {
        found ??= { code: 1007, message: "the text is not UTF-8" };
      }
      message = undefined;
    }
    return { type: "end", size: 0, frame: { close, problem: found } };
  }

  function check(header: FrameHeader, size: number): FrameProblem | undefined {
    const wrong = (text: string) => ({ code: 1002, message: text });
    if (header.reserved.some(Boolean)) return wrong("a reserved bit is set, and no extension was agreed on");
    if (OPCODES[header.opcode] === undefined) return wrong(`opcode ${header.opcode} is reserved`);
    if (isData(header)) {
      const isContinuation = header.opcode === CONTINUATION;
      if (isContinuation && !message) return wrong("there is no message to continue");
      if (!isContinuation && message) return wrong("the last message is not complete yet");
    } else {
      if (!header.fin) return wrong("a control frame cannot be fragmented");
      if (header.length > MAX_CONTROL_LENGTH) return wrong("a control frame has at most 125 bytes");
    }
    if (size > shortestSize(header)) return wrong("the length takes more bytes than it needs");
    if (sender === "client" && !header.maskKey) return wrong("a client must mask its frames");
    if (sender === "server" && header.maskKey) return wrong("a server must not mask its frames");
    return undefined;
  }

  function take(count: number): Buffer {
    const taken = rest.subarray(0, count);
    rest = rest.subarray(count);
    return taken;
  }

  return {
    push,
    get undecided() {
      return rest.length;
    },
  };
}

interface OpenFrame {
  readonly header: FrameHeader;
  left: number;
  readonly problem: FrameProblem | undefined;
  /** The payload of a control frame: at most 125 bytes of it, and if there are more the frame has a problem. */
  readonly control: Buffer[];
}

/**
 * Two bytes, then 0, 2 or 8 more of the length, then 4 of the mask.
 * @returns undefined if not all of them have come
 */
function parseHeader(bytes: Buffer): { header: FrameHeader; size: number } | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const shortLength = second & 0x7f;
  const isMasked = (second & 0x80) !== 0;
  const maskAt = shortLength === 126 ? 4 : shortLength === 127 ? 10 : 2;
  const size = maskAt + (isMasked ? 4 : 0);
  if (bytes.length < size) return undefined;
  let length = shortLength;
  if (shortLength === 126) length = bytes.readUInt16BE(2);
  if (shortLength === 127) length = Number(bytes.readBigUInt64BE(2));
  const header = {
    fin: (first & 0x80) !== 0,
    reserved: [(first & 0x40) !== 0, (first & 0x20) !== 0, (first & 0x10) !== 0] as const,
    opcode: first & 0x0f,
    maskKey: isMasked ? Buffer.from(bytes.subarray(maskAt, size)) : undefined,
    length,
  };
  return { header, size };
}

/** RFC 6455, section 5.2: the length must take as few bytes as it can. */
function shortestSize({ length, maskKey }: FrameHeader): number {
  const lengthSize = length <= 125 ? 0 : length <= 0xffff ? 2 : 8;
  return 2 + lengthSize + (maskKey ? 4 : 0);
}

function isData({ opcode }: FrameHeader): boolean {
  return opcode < 8;
}

/**
 * RFC 6455, section 5.3: byte i of the payload is XORed with byte i mod 4 of the key.
 * @param offset where in the payload these bytes are
 */
function unmask(bytes: Buffer, { maskKey }: FrameHeader, offset: number): Buffer {
  if (!maskKey) return bytes;
  const unmasked = Buffer.allocUnsafe(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) {
    unmasked[index] = (bytes[index] as number) ^ (maskKey[(offset + index) % 4] as number);
  }
  return unmasked;
}

/** RFC 6455, section 7.4: which codes may stand in a close frame. */
function checkClose(payload: Buffer): FrameProblem | undefined {
  if (payload.length === 0) return undefined;
  if (payload.length === 1) return { code: 1002, message: "a close code has two bytes" };
  const code = payload.readUInt16BE(0);
  const isDefined = code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
  const isPrivate = code >= 3000 && code <= 4999;
  if (!isDefined && !isPrivate) return { code: 1002, message: `${code} cannot be sent as a close code` };
  const check = createUtf8Check();
  check.push(payload.subarray(2));
  return check.end() ? undefined : { code: 1007, message: "the reason is not UTF-8" };
}

interface Utf8Check {
  push(bytes: Buffer): void;
  /** @returns whether all of it was UTF-8 */
  end(): boolean;
}

/** A character may be cut in two by a fragment's end, so the whole message is looked at, piece by piece. */
function createUtf8Check(): Utf8Check {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let isValid = true;
  const decode = (bytes: Buffer, stream: boolean) => {
    try {
      if (isValid) decoder.decode(bytes, { stream });
    } catch {
      isValid = false;
    }
  };
  return {
    push: (bytes) => decode(bytes, true),
    end: () => {
      decode(NOTHING, false);
      return isValid;
    },
  };
}
