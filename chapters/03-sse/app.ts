// New: One answer that never ends: the server sends every event down it, as it happens.
// Run: npm run chapter 3
// Try: Add tasks as Alice and count Bob's requests; then cut Bob and see what his browser asks for.
import { route, setup } from "@hectoday/http";
import { z } from "zod";
import { createBoards } from "../../shared/board.ts";
import { afterQuery } from "../../shared/cursor.ts";
import type { Database } from "../../shared/database.ts";
import { answerError, answerNotFound, badInput, Refusal } from "../../shared/refusal.ts";
import { taskRoutes } from "../00-request-response/task-routes.ts";
import { answerUpdates, PAGE_SIZE } from "../01-short-polling/updates.ts";
import { longPoll } from "../02-long-polling/long-poll.ts";
import { createWaiters } from "../02-long-polling/waiters.ts";
import { createBoardStreams, type StreamSettings } from "./board-streams.ts";
import { STREAM_HEADERS } from "./event-stream.ts";

const boardParams = z.object({ boardId: z.string() });
const streamQuery = z.object({ after: z.string().optional() });

export interface AppOptions {
  readonly database: Database;
  /** Of each stream: heartbeat, age, backlog. */
  readonly streamSettings?: StreamSettings;
  /** How long a question is kept open, in milliseconds: well under the 60 s after which proxies give up. */
  readonly waitMs?: number;
}

export function createApp({ database, streamSettings, waitMs = 25_000 }: AppOptions) {
  const boards = createBoards(database);
  const waiters = createWaiters();
  const streams = createBoardStreams(boards, streamSettings);

  const app = setup({
    routes: [
      ...taskRoutes(boards, (event) => {
        streams.publish(event);
        waiters.wake(event.boardId);
      }),

      route.get("/boards/:boardId", {
        request: { params: boardParams },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const snapshot = boards.snapshot(c.input.params.boardId);
          if (snapshot instanceof Refusal) return snapshot.toResponse();
          return Response.json(snapshot, { headers: { "cache-control": "no-store" } });
        },
      }),

      route.get("/boards/:boardId/updates", {
        request: { params: boardParams, query: afterQuery },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { params, query } = c.input;
          return answerUpdates(boards, params.boardId, query.after, c.request.headers.get("if-none-match"));
        },
      }),

      route.get("/boards/:boardId/poll", {
        request: { params: boardParams, query: afterQuery },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { params, query } = c.input;
          return longPoll({
            waiter: waiters.register(params.boardId, waitMs, c.request.signal),
            read: () => boards.eventsAfter(params.boardId, query.after, PAGE_SIZE),
          });
        },
      }),

      route.get("/boards/:boardId/events", {
        request: { params: boardParams, query: streamQuery },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          // Whoever asks for the head only must not leave a stream behind.
          if (c.request.method === "HEAD") return new Response(null, { headers: STREAM_HEADERS });
          const { params, query } = c.input;
          // The browser's own cursor, if it has one, is newer than that in the address that the page once asked for.
          return streams.open(params.boardId, c.request.headers.get("last-event-id") || query.after);
        },
      }),
    ],

    onNotFound: answerNotFound,
    onError: answerError,
  });

  function close(): void {
    waiters.close();
    streams.close();
  }
  return { ...app, close, streams };
}
