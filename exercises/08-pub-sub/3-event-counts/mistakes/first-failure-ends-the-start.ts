// The first board that cannot be read ends the start: a request is answered without the counts of others, which could be read.
// Fails: a board that cannot be read at the start keeps no other from being counted
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: There are several boards, and one of them fails. What does that mean for the wait for the others?
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
  const ready = start().catch(() => {});

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
