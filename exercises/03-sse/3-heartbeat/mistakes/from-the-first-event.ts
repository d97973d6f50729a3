// The heartbeat begins with the first event: on a quiet board there is none, and that is where it is needed.
// Fails: a silent stream has a comment every 15 s
// Lesson: chapters/03-sse/README.md#build-it
// Hint: On which board would a proxy take the stream for dead?
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
  let heartbeat: ReturnType<typeof setInterval> | undefined;

  function send(text: string): void {
    if (!isOpen) return;
    controller.enqueue(encoder.encode(text));
    heartbeat ??= setInterval(() => send(": heartbeat\n\n"), heartbeatMs);
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
