// Reads HTTP answers, and as little of them as possible.

const END_OF_HEAD = "\r\n\r\n";
const LAST_CHUNK = "0\r\n\r\n";

/**
 * For answers with a length, in chunks, or with nothing but a head. No chunk's content may end like the last chunk.
 * @param onStatus is told of each answer that is all there
 * @returns where the first answer begins that is not
 */
export function scanResponses(
  bytes: Buffer,
  from: number,
  to: number,
  onStatus: (status: number) => void,
): number {
  let at = from;
  while (at < to) {
    const text = bytes.toString("latin1", at, to);
    const headEnd = text.indexOf(END_OF_HEAD);
    if (headEnd < 0) break;
    const head = text.slice(0, headEnd).toLowerCase();
    let end = headEnd + END_OF_HEAD.length;
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    if (length !== undefined) {
      end += Number(length);
    } else if (/\r\ntransfer-encoding: *chunked/.test(head)) {
      const last = text.indexOf(LAST_CHUNK, end);
      if (last < 0) break;
      end = last + LAST_CHUNK.length;
    }
    if (end > text.length) break;
    onStatus(Number(head.slice(9, 12)));
    at += end;
  }
  return at;
}
