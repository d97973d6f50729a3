// New: Clients ask again every two seconds and get only what they lack, from a cursor over the event log.
// Run: npm run chapter 1
// Try: Add a task as Alice and watch Bob catch up; delete one; hide the tab for a while and come back.
import { route, setup } from "@hectoday/http";
import { z } from "zod";
import { createBoards } from "../../shared/board.ts";
import { afterQuery } from "../../shared/cursor.ts";
import type { Database } from "../../shared/database.ts";
import { answerError, answerNotFound, badInput, Refusal } from "../../shared/refusal.ts";
import { taskRoutes } from "../00-request-response/task-routes.ts";
import { answerUpdates } from "./updates.ts";

const boardParams = z.object({ boardId: z.string() });

export function createApp({ database }: { database: Database }) {
  const boards = createBoards(database);

  return setup({
    routes: [
      ...taskRoutes(boards),

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
    ],

    onNotFound: answerNotFound,
    onError: answerError,
  });
}
