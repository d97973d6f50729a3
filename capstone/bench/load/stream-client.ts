// A client of an event stream.
import { type Client, type ClientOptions, requestHead } from "./client.ts";
import { openConnection } from "./raw-connection.ts";
import { createChunkDecoder, createEventScanner } from "./scan-events.ts";

const ID_LINE = Buffer.from("\nid:");

/** Whether a line but the first is an `id:`. */
function hasId(bytes: Buffer, start: number, end: number): boolean {
  const at = bytes.indexOf(ID_LINE, start);
  return at >= 0 && at < end;
}

export function openStreamClient({ address, cookie, ...on }: ClientOptions): Client {
  const decode = createChunkDecoder();
  const scan = createEventScanner(onEvent);
  /** What is left of the last bytes is out of its chunks already. */
  let decoded = 0;
  let isReady = false;

  function onEvent(bytes: Buffer, start: number, end: number): void {
    // Those with an `id:` are in the log. The others are comments, signals, and `retry:`.
    if (bytes[start] === 0x69 /* i */ || hasId(bytes, start, end)) {
      on.onEvent(bytes, start, end);
      return;
    }
    const text = bytes.toString("utf8", start, end);
    if (/^event: (reset|end)\n/.test(text)) on.onLost(`was told ${text}`);
  }

  const connection = openConnection({
    port: address.port,
    opening: { request: requestHead(address, cookie, ["Accept: text/event-stream"]), status: 200 },
    onHead() {
      if (!isReady) on.onReady();
      isReady = true;
    },
    onBytes(bytes, from, to) {
      const end = decode(bytes, from + decoded, to);
      const at = scan(bytes, from, end);
      decoded = end - at;
      // What follows the content is the chunks' own, and was read: the rest has to end where the next bytes begin.
      if (decoded > 0 && end < to) bytes.copyWithin(to - decoded, at, end);
      return to - decoded;
    },
    onLost: on.onLost,
  });

  return {
    change: () => on.onLost("cannot write: it is a stream"),
    close: connection.close,
  };
}
