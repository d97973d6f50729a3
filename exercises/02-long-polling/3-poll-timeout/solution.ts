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
          const read = () => boards.eventsAfter(params.boardId, query.after, PAGE_SIZE);
          // Before the log is read, so that no change falls between the two.
          const waiter = waiters.register(params.boardId, waitMs, c.request.signal);
          try {
            const page = read();
            if (page instanceof Refusal || page.events.length > 0) return answer(page);
            const end = await waiter.done;
            // Also for a client that is gone: nobody reads this answer.
            if (end !== "changed") return new Response(null, { status: 204 });
            return answer(read());
          } finally {
            waiter.release();
          }
        },
      }),
    ],
  });
}

function answer(page: ReturnType<AppOptions["boards"]["eventsAfter"]>): Response {
  if (page instanceof Refusal) return page.toResponse();
  const { events, seq } = page;
  return Response.json({ events, seq });
}
