import { route, setup } from "@hectoday/http";
import { z } from "zod";
import type { createWaiters } from "../../../chapters/02-long-polling/waiters.ts";
import type { Boards } from "../../../shared/board.ts";
import { afterQuery } from "../../../shared/cursor.ts";
import { badInput, Refusal } from "../../../shared/refusal.ts";

/** The most events in one answer. */
const PAGE_SIZE = 100;

export interface AppOptions {
  readonly boards: Pick<Boards, "eventsAfter">;
  /** Who is waiting. The app's other routes wake a board after each change. */
  readonly waiters: ReturnType<typeof createWaiters>;
  /** How long a question is kept open at most, in milliseconds. */
  readonly waitMs: number;
}

/** An app with one route, `GET /boards/:boardId/poll?after=SEQ`. */
export function createApp({ boards, waiters, waitMs }: AppOptions) {
  return setup({
    routes: [
      route.get("/boards/:boardId/poll", {
        request: { params: z.object({ boardId: z.string() }), query: afterQuery },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { params, query } = c.input;
          const page = boards.eventsAfter(params.boardId, query.after, PAGE_SIZE);
          if (page instanceof Refusal) return page.toResponse();
          // TODO: Keep the question open if there are no events.
          const { events, seq } = page;
          return Response.json({ events, seq });
        },
      }),
    ],
  });
}
