// Nobody hears that the client has hung up: its heart goes on beating, and writes to a stream that is closed.
// Fails: when the client hangs up, the heartbeat stops
// Lesson: chapters/03-sse/README.md#build-it
// Hint: A stream that is given to `new ReadableStream` can be told that its reader has left. How?
import type { Stream, StreamOptions } from "../exercise.ts";

const encoder = new TextEncoder();

export function openStream({ heartbeatMs }: StreamOptions): Stream {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let isOpen = true;
  const body = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own;
    },
  });
  const heartbeat = setInterval(() => send(": heartbeat\n\n"), heartbeatMs);

  function send(text: string): void {
    if (isOpen) controller.enqueue(encoder.encode(text));
  }

  function close(): void {
    if (!isOpen) return;
    controller.close();
    finish();
  }

  function finish(): void {
    isOpen = false;
    clearInterval(heartbeat);
  }

  return { body, send, close };
}
