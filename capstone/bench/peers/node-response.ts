// Nothing but Node: the text is made once, and written to every response.
import type { ServerResponse } from "node:http";
import { runPeer } from "./peer.ts";
import { eventText, openStreamServer } from "./stream-server.ts";

runPeer(() => {
  const streams = new Set<ServerResponse>();
  return openStreamServer(
    (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
      response.flushHeaders();
      streams.add(response);
      response.on("close", () => streams.delete(response));
    },
    (event) => {
      const text = eventText(event);
      for (const stream of streams) stream.write(text);
    },
  );
});
