// srvx, and a `Response` whose body is a `ReadableStream`: the portable form, as the chapters write it.
import { listen } from "../../../shared/serve.ts";
import { runPeer } from "./peer.ts";
import { createStreamBoard, eventText, streamAddress } from "./stream-server.ts";

const HEADERS = { "content-type": "text/event-stream", "cache-control": "no-cache" };

runPeer(async () => {
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const encoder = new TextEncoder();
  const board = createStreamBoard((event) => {
    const bytes = encoder.encode(eventText(event));
    for (const stream of streams) stream.enqueue(bytes);
  });

  async function answer(request: Request): Promise<Response> {
    if (request.method !== "PATCH") return new Response(openBody(), { headers: HEADERS });
    const task = board.change(new URL(request.url).pathname, await request.text());
    return new Response(task, { headers: { "content-type": "application/json" } });
  }

  function openBody(): ReadableStream<Uint8Array> {
    let stream: ReadableStreamDefaultController<Uint8Array>;
    return new ReadableStream<Uint8Array>({
      start(controller) {
        stream = controller;
        streams.add(stream);
        // srvx sends no head before the first chunk.
        stream.enqueue(encoder.encode(":\n\n"));
      },
      cancel() {
        streams.delete(stream);
      },
    });
  }

  const { port } = await listen({ fetch: answer });
  return { address: streamAddress(port), ...board };
});
