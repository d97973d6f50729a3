// A mistake, kept here to be shown: streams that are never forgotten. See "Build it" in README.md.
import { encodeEvent, STREAM_HEADERS } from "./event-stream.ts";

type Controller = ReadableStreamDefaultController<Uint8Array>;

export function createLeakingStreams() {
  const controllers = new Set<Controller>();

  function open(): Response {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controllers.add(controller);
      },
      // What `cancel` is given is the reason why it was cancelled, and no controller.
      cancel(controller) {
        controllers.delete(controller);
      },
    });
    return new Response(body, { headers: STREAM_HEADERS });
  }

  function publish(data: string): void {
    const bytes = encodeEvent({ data });
    for (const controller of controllers) controller.enqueue(bytes);
  }

  return { open, publish, controllers };
}
