// Server-Sent Events: the bytes of a stream, and a response that sends them to one client for as long as it can.

/** One event, as `encodeEvent` writes it down. */
export interface StreamEvent {
  /** What the browser sends back as `Last-Event-ID` when it connects again. ASCII, without CR, LF and NUL. */
  readonly id?: string;
  /** What `addEventListener` takes. ASCII, without CR, LF and NUL. @default "message" */
  readonly type?: string;
  /** Any text. Every line of it becomes a `data:` line, and the browser joins them again with LF. */
  readonly data: string;
}

const encoder = new TextEncoder();

/**
 * The bytes of an event.
 * @throws {TypeError} when the id or the type could end its line, and so forge fields behind it
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function encodeEvent({ id, type, data }: StreamEvent): Uint8Array {
  const fields: string[] = [];
  if (id !== undefined) fields.push(`id: ${oneLine("id", id)}`);
  if (type !== undefined) fields.push(`event: ${oneLine("event", type)}`);
  // CRLF, LF and CR all end a line in a stream: none of them may stay inside one.
  for (const line of data.split(/\r\n|\n|\r/)) fields.push(`data: ${line}`);
  return encoder.encode(`${fields.join("\n")}\n\n`);
}

/** A line that every client skips: it only shows that the connection is alive. */
export function encodeComment(text: string): Uint8Array {
  return encoder.encode(`: ${oneLine("comment", text)}\n\n`);
}

/** How long a browser waits before it connects again, in milliseconds. */
export function encodeRetry(ms: number): Uint8Array {
  return encoder.encode(`retry: ${Math.round(ms)}\n\n`);
}

function oneLine(field: string, text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
  if (/^[\x01-\x09\x0b\x0c\x0e-\x7f]*$/.test(text)) return text;
  throw new TypeError(
    `${JSON.stringify(text)} cannot be the ${field} of an event: ASCII without CR, LF, NUL`,
  );
}

export interface EventStreamOptions {
  /** The stream is over, for whatever reason. Called once. */
  readonly onClose: () => void;
  /** A comment goes out so often, so that nobody on the way takes silence for death. In milliseconds. @default 15000 */
  readonly heartbeatMs?: number;
  /** After this the stream ends in good order, and the client comes back. In milliseconds. @default 15 to 30 minutes */
  readonly maxAgeMs?: number;
  /** A client that has left this much unread is cut off. In bytes. @default 1048576 */
  readonly maxBacklogBytes?: number;
  /** So is one that has taken nothing, as far as we can see, for so long, while something waited for it. In milliseconds. @default 5000 */
  readonly maxStallMs?: number;
  /** What the client is told to wait before it connects again, in milliseconds. @default 2 to 5 seconds */
  readonly retryMs?: number;
}

/** One client's stream. */
export interface EventStream {
  readonly response: Response;
  /** Sends bytes from `encodeEvent`: the same ones may go to many streams. On a closed stream nothing happens. */
  send(bytes: Uint8Array): void;
  /** Resolves when the client has taken nearly all of what was sent, or is gone. */
  drained(): Promise<void>;
  /** Ends the stream in good order. */
  close(): void;
  /** Ends it at once; the client comes back. */
  fail(): void;
  readonly isOpen: boolean;
  /** The client has left so much unread that what can be done without should not be sent to it. */
  readonly isBehind: boolean;
}

/** Below this a client counts as having taken what was sent, in bytes. */
const NEARLY_DRAINED_BYTES = 65_536;

/** Clients that came together should not come back together. */
const between = (low: number, high: number) => low + Math.random() * (high - low);

export function openEventStream(options: EventStreamOptions): EventStream {
  const {
    onClose,
    heartbeatMs = 15_000,
    maxAgeMs = between(15, 30) * 60_000,
    maxBacklogBytes = 1_048_576,
    maxStallMs = 5_000,
    retryMs = between(2_000, 5_000),
  } = options;
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let isOpen = true;
  let sentBytes = 0;
  let stallTimer: ReturnType<typeof setTimeout> | undefined;
  let onDrained: (() => void)[] = [];

  const body = new ReadableStream<Uint8Array>(
    {
      start: (own) => {
        controller = own;
      },
      // Called whenever the client has taken something.
      pull: () => {
        if (backlog() <= NEARLY_DRAINED_BYTES) drain();
      },
      // The client has hung up, or the server has.
      cancel: finish,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: maxBacklogBytes }),
  );
  const heartbeat = setInterval(() => send(encodeComment("heartbeat")), heartbeatMs);
  const age = setTimeout(close, maxAgeMs);
  send(encodeRetry(retryMs));

  function backlog(): number {
    return isOpen ? maxBacklogBytes - (controller.desiredSize ?? 0) : 0;
  }

  function send(bytes: Uint8Array): void {
    if (!isOpen) return;
    controller.enqueue(bytes);
    sentBytes += bytes.length;
    if (backlog() > maxBacklogBytes) cut();
    else watchForStall();
  }

  function watchForStall(): void {
    if (backlog() === 0 || stallTimer) return;
    const takenBefore = sentBytes - backlog();
    stallTimer = setTimeout(() => {
      stallTimer = undefined;
      if (backlog() > 0 && sentBytes - backlog() === takenBefore) cut();
      else watchForStall();
    }, maxStallMs);
  }

  /** An error throws away what waits; `close` would keep it until a client that does not read has read it. */
  function cut(): void {
    controller.error(new Error("the client does not read"));
    finish();
  }

  function close(): void {
    if (!isOpen) return;
    const isWaitedFor = backlog() > 0;
    controller.close();
    finish();
    // What was sent before may still be read, but nobody waits for that for ever.
    if (isWaitedFor)
      setTimeout(() => controller.error(new Error("the client does not read")), maxStallMs).unref();
  }

  function finish(): void {
    if (!isOpen) return;
    isOpen = false;
    clearInterval(heartbeat);
    clearTimeout(age);
    clearTimeout(stallTimer);
    drain();
    onClose();
  }

  function drain(): void {
    for (const resolve of onDrained) resolve();
    onDrained = [];
  }

  return {
    response: new Response(body, { headers: STREAM_HEADERS }),
    send,
    drained: async () => {
      if (backlog() > NEARLY_DRAINED_BYTES) await new Promise<void>((resolve) => onDrained.push(resolve));
    },
    close,
    fail: close,
    get isOpen() {
      return isOpen;
    },
    get isBehind() {
      return backlog() > NEARLY_DRAINED_BYTES;
    },
  };
}

/** What every stream says about itself, so that nobody on the way keeps, packs or guesses anything. */
export const STREAM_HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  // nginx would collect the events and deliver them in packets.
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};
