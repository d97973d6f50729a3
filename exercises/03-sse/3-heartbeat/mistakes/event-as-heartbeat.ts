// The heartbeat is an event: every page hears of it, and tries to read a board's event out of it.
// Fails: a silent stream has a comment every 15 s
// Lesson: chapters/03-sse/README.md#what-goes-over-the-wire
// Hint: The format has a line that every client skips. How does it begin?
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
  const heartbeat = setInterval(() => send("data: heartbeat\n\n"), heartbeatMs);

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
