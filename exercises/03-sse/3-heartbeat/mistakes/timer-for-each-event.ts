// Each event that is sent starts one more heartbeat: a busy stream carries more comments than events.
// Fails: events come between the comments, and change nothing about them
// Lesson: chapters/03-sse/README.md#build-it
// Hint: Count the timers of a stream on which ten events were sent. How many should there be?
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
  let heartbeat = setTimeout(beat, heartbeatMs);

  function beat(): void {
    send(": heartbeat\n\n");
  }

  function send(text: string): void {
    if (!isOpen) return;
    controller.enqueue(encoder.encode(text));
    heartbeat = setTimeout(beat, heartbeatMs);
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
