const NEEDLE = Buffer.from('"seq":');

/** Finds the first `"seq":` of a text. It mostly stands where it stood in the last one. */
export function createSeqReader() {
  let hint = 0;

  /** @returns -1 when there is none */
  return function readSeq(bytes: Buffer, start: number, end: number): number {
    let at = start + hint;
    if (at >= end || !isSeqAt(bytes, at)) {
      at = bytes.indexOf(NEEDLE, start);
      if (at < 0 || at >= end) return -1;
      hint = at - start;
    }
    let seq = 0;
    for (let index = at + 6; index < end; index += 1) {
      const digit = (bytes[index] as number) - 48;
      if (digit < 0 || digit > 9) break;
      seq = seq * 10 + digit;
    }
    return seq;
  };
}

function isSeqAt(bytes: Buffer, at: number): boolean {
  return bytes[at] === 34 && bytes[at + 1] === 115 && bytes[at + 2] === 101 && bytes[at + 5] === 58;
}
