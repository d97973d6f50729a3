// A question that is refused does not take its waiter away: each one leaves a waiter and its timer behind.
// Fails: a question that is answered at once leaves no waiter behind
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: There are three ways out without a wait. Which of them has a waiter by then?
import { route, setup } from "@hectoday/http";
import { z } from "zod";
import { afterQuery } from "../../../../shared/cursor.ts";
import { badInput, Refusal } from "../../../../shared/refusal.ts";
import type { AppOptions } from "../exercise.ts";

const PAGE_SIZE = 100;

export function createApp({ boards, waiters, waitMs }: AppOptions) {
  return setup({
    routes: [
      route.get("/boards/:boardId/poll", {
        request: { params: z.object({ boardId: z.string() }), query: afterQuery },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { params, query } = c.input;
          const read = () => boards.eventsAfter(params.boardId, query.after, PAGE_SIZE);
          const waiter = waiters.register(params.boardId, waitMs, c.request.signal);
          const page = read();
          if (page instanceof Refusal) return answer(page);
          try {
            if (page.events.length > 0) return answer(page);
            const end = await waiter.done;
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
