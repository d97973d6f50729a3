// Reads a stream's chunks and events, and as little of them as possible.

const CR = 13;
const LF = 10;
const BLANK_LINE = Buffer.from("\n\n");

/** Sees an event: `bytes[start]` to `bytes[end - 1]` are its lines, without the blank one. */
export type OnEvent = (bytes: Buffer, start: number, end: number) => void;

/**
 * Finds events that end with LF LF. Many in a row are equally long, so it looks there first.
 * @returns scans a part of a stream; gives back where the first event begins that is not all there
 */
export function createEventScanner(onEvent: OnEvent) {
  let lastLength = 0;

  return function scanEvents(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to) {
      let end = at + lastLength;
      if (lastLength === 0 || end + 2 > to || bytes[end] !== LF || bytes[end + 1] !== LF) {
        end = bytes.indexOf(BLANK_LINE, at);
        if (end < 0 || end + 2 > to) break;
        lastLength = end - at;
      }
      onEvent(bytes, at, end);
      at = end + 2;
    }
    return at;
  };
}

/**
 * Takes a body out of its chunks. What is left of the bytes moves together, in place.
 * @returns decodes the next part of the body; gives back where its content ends
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-7.1
 */
export function createChunkDecoder() {
  let sizeText = "";
  /** Of the chunk that is being read; -1 while its size is. */
  let left = -1;

  return function decode(bytes: Buffer, from: number, to: number): number {
    let read = from;
    let written = from;
    while (read < to) {
      if (left > 0) {
        const taken = Math.min(left, to - read);
        if (read !== written) bytes.copyWithin(written, read, read + taken);
        read += taken;
        written += taken;
        left -= taken;
        continue;
      }
      const byte = bytes[read] as number;
      read += 1;
      // A line end stands behind the size, and another one behind the content.
      if (left === 0) {
        if (byte === LF) left = -1;
      } else if (byte === LF) {
        left = Number.parseInt(sizeText, 16);
        sizeText = "";
      } else if (byte !== CR) {
        sizeText += String.fromCharCode(byte);
      }
    }
    return written;
  };
}
