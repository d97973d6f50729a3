// New: The server keeps a question open until it has an answer, so an event arrives when it happens.
// Run: npm run chapter 2
// Try: Add a task as Alice and see it at once as Bob; then see how few requests it took.
import { route, setup } from "@hectoday/http";
import { z } from "zod";
import { createBoards } from "../../shared/board.ts";
import { afterQuery } from "../../shared/cursor.ts";
import type { Database } from "../../shared/database.ts";
import { answerError, answerNotFound, badInput, Refusal } from "../../shared/refusal.ts";
import { taskRoutes } from "../00-request-response/task-routes.ts";
import { answerUpdates, PAGE_SIZE } from "../01-short-polling/updates.ts";
import { longPoll } from "./long-poll.ts";
import { createWaiters } from "./waiters.ts";

const boardParams = z.object({ boardId: z.string() });

export interface AppOptions {
  readonly database: Database;
  readonly waiters?: ReturnType<typeof createWaiters>;
  /** How long a question is kept open, in milliseconds: well under the 60 s after which proxies give up. */
  readonly waitMs?: number;
}

export function createApp({ database, waiters = createWaiters(), waitMs = 25_000 }: AppOptions) {
  const boards = createBoards(database);

  const app = setup({
    routes: [
      ...taskRoutes(boards, (event) => waiters.wake(event.boardId)),

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
    ],

    onNotFound: answerNotFound,
    onError: answerError,
  });

  return { ...app, close: () => waiters.close() };
}
