// A request that comes early is answered before the log was read: the first counts after a restart are empty.
// Fails: an admin sees how many events the log has, right after the start
// Lesson: chapters/08-pub-sub/README.md#the-idea
// Hint: Reading takes time. What does the route know about whether it is over?
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

  async function start(): Promise<void> {
    const ids = await log.boards();
    await Promise.allSettled(ids.map(look));
  }

  bus.subscribe("board:*", "counts", ({ boardId }) => look(boardId));
  start().catch(() => {});

  return setup({
    routes: [
      route.get("/admin/event-counts", {
        resolve: async (c) => {
          const userId = userOf(c.request);
          if (userId === undefined || !isAdmin(userId)) return answerNotFound();
          return Response.json({ boards: Object.fromEntries(boards) });
        },
      }),
    ],
    onNotFound: answerNotFound,
    onError: answerError,
  });
}
