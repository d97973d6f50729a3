// The server closes the stream and its timer goes on: what ended in good order stays in memory for ever.
// Fails: when the server closes the stream, the heartbeat stops
// Lesson: chapters/03-sse/README.md#build-it
// Hint: A stream ends on two ways. Which of them does your timer know?
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
    isOpen = false;
  }

  function finish(): void {
    isOpen = false;
    clearInterval(heartbeat);
  }

  return { body, send, close };
}
