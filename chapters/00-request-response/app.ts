// New: A task board behind a REST API: the server answers when it is asked, and never speaks first.
// Run: npm run chapter 0
// Try: Add a task as Alice, watch Bob's board go out of date, and press Refresh as Bob.
import { route, setup } from "@hectoday/http";
import { z } from "zod";
import { createBoards } from "../../shared/board.ts";
import type { Database } from "../../shared/database.ts";
import { answerError, answerNotFound, badInput, Refusal } from "../../shared/refusal.ts";
import { taskRoutes } from "./task-routes.ts";

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
    ],

    onNotFound: answerNotFound,
    onError: answerError,
  });
}
