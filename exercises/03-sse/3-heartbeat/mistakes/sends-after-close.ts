// The server closes the stream, and its next event throws: whoever sends to many clients stops at the first that was closed.
// Fails: to a stream that is over nothing is sent
// Lesson: chapters/03-sse/README.md#build-it
// Hint: After `controller.close()`, how does `send` know that it is too late?
import type { Stream, StreamOptions } from "../exercise.ts";

const encoder = new TextEncoder();

export function openStream({ heartbeatMs }: StreamOptions): Stream {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let isOpen = true;
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
    clearInterval(heartbeat);
  }

  function finish(): void {
    isOpen = false;
    clearInterval(heartbeat);
  }

  return { body, send, close };
}
