// All streams share one variable for their timer: when one client leaves, somebody else's heart stops.
// Fails: each stream has a heartbeat of its own
// Lesson: chapters/03-sse/README.md#build-it
// Hint: Whose timer does the variable hold after the second client has come?
import type { Stream, StreamOptions } from "../exercise.ts";

const encoder = new TextEncoder();
let heartbeat: ReturnType<typeof setInterval> | undefined;

export function openStream({ heartbeatMs }: StreamOptions): Stream {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let isOpen = true;
  const body = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own;
    },
    cancel: finish,
  });
  heartbeat = setInterval(() => send(": heartbeat\n\n"), heartbeatMs);

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
