// The comment has no line end: the next event stands on the same line, and the client skips it together with the comment.
// Fails: a silent stream has a comment every 15 s
// Lesson: chapters/03-sse/README.md#what-goes-over-the-wire
// Hint: A comment is a line too. What ends it?
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
  const heartbeat = setInterval(() => send(": heartbeat"), heartbeatMs);

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
