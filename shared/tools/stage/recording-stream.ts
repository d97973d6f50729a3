import type { Recorder } from "../../wire/recorder.ts";

/** Proxies and browsers drop a connection on which nothing happens for long; a comment is something. In milliseconds. */
const HEARTBEAT_MS = 15_000;

/** A page that does not read is let go when this many bytes wait for it: it comes back and gets all of it anew. */
const MAX_WAITING_BYTES = 16_777_216;

/** What the stage knows besides the recording. */
export interface StreamedState {
  read(): object;
  /** @returns stops listening */
  subscribe(onChange: () => void): () => void;
}

/**
 * A stream of Server-Sent Events: first all that was recorded, as `recording`, and then what changes, as `change`.
 * Chapter 03 explains every line of it. The state belongs to each event, and is an event `state` when it changes while
 * nothing is recorded.
 */
export function streamRecording(recorder: Recorder, state: StreamedState): Response {
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        function send(text: string): void {
          controller.enqueue(new TextEncoder().encode(text));
          if ((controller.desiredSize ?? 0) > 0) return;
          stop();
          controller.close();
        }
        const sendEvent = (type: string, data: object) =>
          send(`event: ${type}\ndata: ${JSON.stringify({ ...data, ...state.read() })}\n\n`);
        const heartbeat = setInterval(() => send(": still here\n\n"), HEARTBEAT_MS);
        const unsubscribe = recorder.subscribe((change) => sendEvent("change", change));
        const unsubscribeState = state.subscribe(() => sendEvent("state", {}));
        stop = () => {
          clearInterval(heartbeat);
          unsubscribe();
          unsubscribeState();
        };
        sendEvent("recording", recorder.recording());
      },
      cancel: () => stop(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING_BYTES }),
  );
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
  });
}
