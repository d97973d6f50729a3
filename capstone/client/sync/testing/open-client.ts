// Clients of the model server, with waits that are short enough for tests.
import { onTestFinished } from "vitest";
import { type BoardClient, type BoardClientOptions, openBoardClient } from "../board-client.ts";
import { createMemoryOutbox } from "../memory-outbox.ts";
import { longPollTransport } from "../transports/long-poll.ts";
import { pollTransport } from "../transports/poll.ts";
import { socketTransport } from "../transports/socket.ts";
import { streamTransport } from "../transports/stream.ts";
import type { ModelServer } from "./model-server.ts";

/** Everything is fast, and nothing is random. */
export const QUICK = {
  backoff: { minMs: 5, maxMs: 40, stableMs: 100 },
  upgradeBackoff: { minMs: 20, maxMs: 100 },
  openWithinMs: 300,
  answerWithinMs: 200,
  offlineAfterMs: 150,
  saveEveryMs: 20,
  presenceMs: 100,
  askEveryMs: 30,
  silentAfterMs: 200,
} satisfies Partial<BoardClientOptions>;

export function modelClient(
  server: ModelServer,
  userId = "alice",
  options: Partial<BoardClientOptions> = {},
): BoardClient {
  const client = openBoardClient({
    boardId: "board-1",
    userId,
    outbox: createMemoryOutbox(),
    fetch: server.fetchAs(userId),
    baseUrl: "http://model",
    transports: [
      socketTransport({ WebSocket: server.WebSocketAs(userId), helloWithinMs: 300, answerWithinMs: 200 }),
      streamTransport({ maxSilenceMs: 300, answerWithinMs: 200 }),
      longPollTransport({ maxWaitMs: 500, answerWithinMs: 200 }),
      pollTransport({ intervalMs: 20, answerWithinMs: 200 }),
    ],
    ...QUICK,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}
