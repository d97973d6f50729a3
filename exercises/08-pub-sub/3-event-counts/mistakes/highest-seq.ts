// The highest seq of all messages is taken for the count: what the bus has lost is missing until a later message comes through.
// Fails: what the bus has lost is counted with the next message
// Lesson: chapters/08-pub-sub/README.md#the-idea
// Hint: A message can be lost before a late one comes. What does a look at the log tell you that a message cannot?
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
    boards.set(boardId, Math.max(seq, boards.get(boardId) ?? 0));
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
