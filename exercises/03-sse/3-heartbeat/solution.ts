export interface StreamOptions {
  /** A comment goes out so often, in milliseconds. */
  readonly heartbeatMs: number;
}

/** One client's stream. */
export interface Stream {
  /** What the client reads. It is cancelled when the client hangs up. */
  readonly body: ReadableStream<Uint8Array>;
  /** Sends an event, or anything else that is written down already. When the stream is over, nothing happens. */
  send(text: string): void;
  /** Ends the stream in good order. When it is over, nothing happens. */
  close(): void;
}

const encoder = new TextEncoder();

/** Opens a stream, with a heartbeat for as long as it is open. */
export function openStream({ heartbeatMs }: StreamOptions): Stream {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let isOpen = true;
  const body = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own;
    },
    cancel: finish,
  });
  // A line that begins with a colon is skipped by every client.
  const heartbeat = setInterval(() => send(": heartbeat\n\n"), heartbeatMs);

  function send(text: string): void {
    if (isOpen) controller.enqueue(encoder.encode(text));
  }

  function close(): void {
    if (!isOpen) return;
    controller.close();
    finish();
  }

  // Both ends go through here, so that neither of them forgets the timer.
  function finish(): void {
    isOpen = false;
    clearInterval(heartbeat);
  }

  return { body, send, close };
}
