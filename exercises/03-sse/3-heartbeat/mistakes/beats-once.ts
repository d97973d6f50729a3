// The heart beats once: after the first comment the stream is silent again, and a proxy cuts it.
// Fails: a silent stream has a comment every 15 s
// Lesson: chapters/03-sse/README.md#build-it
// Hint: Which timer comes once, and which one comes again?
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
  const heartbeat = setTimeout(() => send(": heartbeat\n\n"), heartbeatMs);

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
    clearTimeout(heartbeat);
  }

  return { body, send, close };
}
