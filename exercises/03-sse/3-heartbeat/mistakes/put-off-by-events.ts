// Each event puts the heartbeat off: the time is counted from the last event, and not from the opening.
// Fails: events come between the comments, and change nothing about them
// Lesson: chapters/03-sse/README.md#build-it
// Hint: When is the first comment due in this test? And what has happened ten seconds after the opening?
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
  let heartbeat = setInterval(() => send(": heartbeat\n\n"), heartbeatMs);

  function send(text: string): void {
    if (!isOpen) return;
    controller.enqueue(encoder.encode(text));
    clearInterval(heartbeat);
    heartbeat = setInterval(() => send(": heartbeat\n\n"), heartbeatMs);
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
