// When the reading at the start fails, every request fails from then on: one bad moment, and there are no counts until the next restart.
// Fails: a start that has failed is made up for by the next message
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: A promise that was rejected stays so. What should a request that awaits it get?
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
    await Promise.all(ids.map(look));
  }

  bus.subscribe("board:*", "counts", ({ boardId }) => look(boardId));
  const ready = start();
  // Without this the process would end.
  ready.catch(() => {});

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
