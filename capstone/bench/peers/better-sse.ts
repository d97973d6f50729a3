// better-sse: a session for each stream, and a channel that gives an event to all of them.
import { createChannel, createSession } from "better-sse";
import { runPeer } from "./peer.ts";
import { openStreamServer } from "./stream-server.ts";

runPeer(() => {
  const channel = createChannel();
  return openStreamServer(
    async (request, response) => {
      channel.register(await createSession(request, response));
    },
    ({ id, event }) => channel.broadcast(event, event.type, { eventId: id }),
  );
});
