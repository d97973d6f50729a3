// Reads a server's WebSocket frames, and as little of them as possible: what the clients cost is taken from the servers.

/** Sees a whole frame: `bytes[start]` to `bytes[end - 1]` is its payload. */
export type OnFrame = (bytes: Buffer, start: number, end: number, opcode: number) => void;

/**
 * Only for servers that send every message as one frame.
 * @returns where the first frame begins that is not all there
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function scanFrames(bytes: Buffer, from: number, to: number, onFrame: OnFrame): number {
  let at = from;
  while (at + 2 <= to) {
    let size = bytes[at + 1] as number;
    let start = at + 2;
    if (size === 126) {
      if (at + 4 > to) break;
      size = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
      start = at + 4;
    } else if (size === 127) {
      if (at + 10 > to) break;
      size = Number(bytes.readBigUInt64BE(at + 2));
      start = at + 10;
    }
    if (start + size > to) break;
    onFrame(bytes, start, start + size, (bytes[at] as number) & 0x0f);
    at = start + size;
  }
  return at;
}
