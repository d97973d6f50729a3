// A question that is answered at once does not take its waiter away: on a busy board they pile up, each with a timer.
// Fails: a question that is answered at once leaves no waiter behind
// Lesson: chapters/02-long-polling/README.md#build-it
// Hint: Registering comes before reading. What becomes of the waiter if the first read finds something?
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
          if (page instanceof Refusal || page.events.length > 0) return answer(page);
          const end = await waiter.done;
          if (end !== "changed") return new Response(null, { status: 204 });
          return answer(read());
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
