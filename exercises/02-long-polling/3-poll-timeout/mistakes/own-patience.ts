// A question is kept open for longer than `waitMs`: behind a proxy that gives up sooner, clients see errors.
// Fails: if nothing happens for long enough, the answer is 204
// Lesson: chapters/02-long-polling/README.md#in-production
// Hint: How long to wait is a setting of the app, because it depends on what stands in front of the server.
import { route, setup } from "@hectoday/http";
import { z } from "zod";
import { afterQuery } from "../../../../shared/cursor.ts";
import { badInput, Refusal } from "../../../../shared/refusal.ts";
import type { AppOptions } from "../exercise.ts";

const PAGE_SIZE = 100;

export function createApp({ boards, waiters }: AppOptions) {
  return setup({
    routes: [
      route.get("/boards/:boardId/poll", {
        request: { params: z.object({ boardId: z.string() }), query: afterQuery },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { params, query } = c.input;
          const read = () => boards.eventsAfter(params.boardId, query.after, PAGE_SIZE);
          const waiter = waiters.register(params.boardId, 25_000, c.request.signal);
          try {
            const page = read();
            if (page instanceof Refusal || page.events.length > 0) return answer(page);
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
