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
  const body = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own;
    },
    // TODO: Notice that the client has hung up.
  });
  // TODO: Let a comment go out every `heartbeatMs`, for as long as the stream is open and no longer.

  return {
    body,
    send: (text) => controller.enqueue(encoder.encode(text)),
    close: () => controller.close(),
  };
}
