/**
 * Reads a stream of Server-Sent Events, in pieces of any size.
 *
 * A stream is UTF-8 text in lines. Lines that belong together are a block, and an empty line ends it. A block is what
 * one `write` of a server usually is: an event, or a comment that only keeps the connection alive.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export interface EventStreamDecoder {
  /** Takes the next bytes and returns the blocks that have ended. It never throws. */
  push(bytes: Buffer): StreamBlock[];
}

export interface StreamBlock {
  /** Bytes on the wire, the empty line included. */
  readonly size: number;
  /** As they came, without their line ends; comments begin with a colon. */
  readonly lines: readonly string[];
  /** What a browser makes of it. Undefined if the block has no data: then nothing is dispatched. */
  readonly event: StreamEvent | undefined;
  /** The browser's new pause before it connects again, in milliseconds. */
  readonly retryMs: number | undefined;
  /** The block is longer than what is kept of it. */
  readonly isTruncated: boolean;
}

export interface StreamEvent {
  /** The name that `addEventListener` takes: `message` if the block says none. */
  readonly type: string;
  readonly data: string;
  /** The last `id:` so far, in this block or an earlier one: what the browser sends as Last-Event-ID. */
  readonly lastEventId: string;
}

/** What is kept of one block, in bytes. */
const MAX_BLOCK_BYTES = 1_048_576;

const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

// A byte order mark may stand at the beginning of the stream, and nowhere else: it is dealt with below.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

export function createEventStreamDecoder(): EventStreamDecoder {
  let lastEventId = "";
  /** The beginning of a line whose end has not come yet. */
  let pieces: Buffer[] = [];
  /** Of that line, also where it is not kept. */
  let lineBytes = 0;
  let lines: string[] = [];
  let size = 0;
  let kept = 0;
  let isFirstLine = true;
  let afterCr = false;

  function push(bytes: Buffer): StreamBlock[] {
    const blocks: StreamBlock[] = [];
    let at = 0;
    while (at < bytes.length) {
      // CRLF is one line end, also when its two bytes come apart.
      if (afterCr && bytes[at] === LF) {
        at += 1;
        size += 1;
      }
      afterCr = false;
      const end = lineEnd(bytes, at);
      keep(bytes.subarray(at, end));
      size += end - at;
      at = end;
      if (at === bytes.length) break;
      afterCr = bytes[at] === CR;
      size += 1;
      at += 1;
      const line = takeLine();
      if (lineBytes === 0) blocks.push(takeBlock());
      else if (line !== "") lines.push(line);
      lineBytes = 0;
    }
    return blocks;
  }

  function keep(piece: Buffer): void {
    if (kept < MAX_BLOCK_BYTES) pieces.push(Buffer.from(piece.subarray(0, MAX_BLOCK_BYTES - kept)));
    kept += piece.length;
    lineBytes += piece.length;
  }

  function takeLine(): string {
    let line = Buffer.concat(pieces);
    pieces = [];
    if (isFirstLine && line.subarray(0, 3).equals(BYTE_ORDER_MARK)) {
      line = line.subarray(3);
      lineBytes -= 3;
    }
    isFirstLine = false;
    return utf8.decode(line);
  }

  function takeBlock(): StreamBlock {
    const fields = lines.filter((line) => !line.startsWith(":")).map(parseField);
    // A NUL would not survive in the header Last-Event-ID.
    const id = valuesOf(fields, "id").findLast((value) => !value.includes("\0"));
    if (id !== undefined) lastEventId = id;
    const data = valuesOf(fields, "data");
    const retry = valuesOf(fields, "retry").findLast((value) => /^[0-9]+$/.test(value));
    const block = {
      size,
      lines,
      event:
        // A block whose data is one empty line has data; the specification looks at the buffer with its line end.
        data.length === 0
          ? undefined
          : { type: valuesOf(fields, "event").at(-1) || "message", data: data.join("\n"), lastEventId },
      retryMs: retry === undefined ? undefined : Number(retry),
      isTruncated: kept > MAX_BLOCK_BYTES,
    };
    lines = [];
    size = 0;
    kept = 0;
    return block;
  }

  return { push };
}

type Field = readonly [name: string, value: string];

/** `name: value`, `name:value` or `name` alone: one space behind the colon is not part of the value. */
function parseField(line: string): Field {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
}

function valuesOf(fields: readonly Field[], name: string): string[] {
  return fields.filter(([each]) => each === name).map(([, value]) => value);
}

function lineEnd(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] === LF || bytes[at] === CR) return at;
  }
  return bytes.length;
}
