// The timer is stopped, but the stream counts as open for ever: the next event throws, and clients behind it get nothing.
// Fails: to a stream that is over nothing is sent
// Lesson: chapters/03-sse/README.md#build-it
// Hint: What does `enqueue` do on a stream that is over? How can `send` know?
import type { Stream, StreamOptions } from "../exercise.ts";

const encoder = new TextEncoder();

export function openStream({ heartbeatMs }: StreamOptions): Stream {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const isOpen = true;
  const body = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own;
    },
    cancel: finish,
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
    clearInterval(heartbeat);
  }

  return { body, send, close };
}
