// A client in Node, over a real network: it sends the cookie and the origin that a browser would send by itself.
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { type BoardClient, type BoardClientOptions, openBoardClient } from "../board-client.ts";
import { createMemoryOutbox } from "../memory-outbox.ts";
import { longPollTransport } from "../transports/long-poll.ts";
import { pollTransport } from "../transports/poll.ts";
import { type SocketLike, socketTransport } from "../transports/socket.ts";
import { streamTransport } from "../transports/stream.ts";
import { QUICK } from "./open-client.ts";

export interface NodeClientOptions extends Partial<BoardClientOptions> {
  readonly baseUrl: string;
  /** As the server has given it. */
  readonly cookie: string;
  /** Whether requests get through. */
  readonly isReachable?: () => boolean;
}

export function nodeClient({
  cookie,
  baseUrl,
  isReachable = () => true,
  ...options
}: NodeClientOptions): BoardClient {
  const headers = { cookie, origin: baseUrl };
  class CookieSocket extends WebSocket {
    constructor(url: string) {
      super(url, { headers });
    }
  }
  const client = openBoardClient({
    boardId: "board-1",
    userId: "alice",
    outbox: createMemoryOutbox(),
    baseUrl,
    fetch: async (input, init) => {
      if (!isReachable()) throw new TypeError("fetch failed");
      return fetch(input, { ...init, headers: { ...(init?.headers as object), ...headers } });
    },
    transports: [
      socketTransport({ WebSocket: CookieSocket as unknown as new (url: string) => SocketLike }),
      streamTransport({ maxSilenceMs: 600 }),
      longPollTransport({ maxWaitMs: 1_000 }),
      pollTransport({ intervalMs: 50, answerWithinMs: 500 }),
    ],
    ...QUICK,
    openWithinMs: 1_000,
    answerWithinMs: 1_000,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}
