// Two reads of a board overlap, both from the same place: its events are counted twice.
// Fails: an event that is committed while the log is read at the start is counted, once
// Lesson: chapters/08-pub-sub/README.md#the-idea
// Hint: The place to read from is looked up before the log answers, and changed afterwards. What happens in between?
import { route, setup } from "@hectoday/http";
import { answerError, answerNotFound } from "../../../../shared/refusal.ts";
import type { CountsOptions } from "../exercise.ts";

export function createCountsApp({ log, bus, userOf, isAdmin }: CountsOptions) {
  const boards = new Map<string, number>();

  async function look(boardId: string): Promise<void> {
    const seq = boards.get(boardId) ?? 0;
    const events = await log.after(boardId, seq);
    boards.set(boardId, (boards.get(boardId) ?? 0) + events.length);
  }

  async function start(): Promise<void> {
    const ids = await log.boards();
    await Promise.allSettled(ids.map(look));
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
