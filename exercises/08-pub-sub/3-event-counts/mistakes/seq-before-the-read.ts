// The seq of a message is taken for what was counted before the log is read: if the read fails, there is a count that nobody has read anywhere.
// Fails: a read that has failed is made up for by the next message
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: When do you know how many events there are: when the hint comes, or when the log has answered?
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

  bus.subscribe("board:*", "counts", ({ boardId, seq }) => {
    boards.set(boardId, seq - 1);
    return look(boardId);
  });
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
