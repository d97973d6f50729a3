// Counting begins with the first message: after each restart the counts are as if nothing had happened before.
// Fails: an admin sees how many events the log has, right after the start
// Lesson: chapters/08-pub-sub/README.md#the-idea
// Hint: What was before the start is in the log. Who reads it?
import { route, setup } from "@hectoday/http";
import { answerError, answerNotFound } from "../../../../shared/refusal.ts";
import type { CountsOptions } from "../exercise.ts";

export function createCountsApp({ log, bus, userOf, isAdmin }: CountsOptions) {
  const boards = new Map<string, number>();
  let last: Promise<void> = Promise.resolve();

  function look(boardId: string): Promise<void> {
    last = last
      .catch(() => {})
      .then(async () => {
        const counted = boards.get(boardId) ?? 0;
        const events = await log.after(boardId, counted);
        boards.set(boardId, counted + events.length);
      });
    return last;
  }

  bus.subscribe("board:*", "counts", ({ boardId }) => look(boardId));
  const ready = Promise.resolve();

  return setup({
    routes: [
      route.get("/admin/event-counts", {
        resolve: async (c) => {
          const userId = userOf(c.request);
          if (userId === undefined || !isAdmin(userId)) return answerNotFound();
          await ready;
          return Response.json({ boards: Object.fromEntries(boards) });
        },
      }),
    ],
    onNotFound: answerNotFound,
    onError: answerError,
  });
}
