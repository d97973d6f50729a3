// While one hint is followed up, others are dropped: what was committed meanwhile is missing until somebody changes the board again.
// Fails: an event that is committed while a message is being followed up is counted too
// Lesson: chapters/08-pub-sub/README.md#the-idea
// Hint: When the read that is under way began, the newer event may not have been there. What has to follow it?
import { route, setup } from "@hectoday/http";
import { answerError, answerNotFound } from "../../../../shared/refusal.ts";
import type { CountsOptions } from "../exercise.ts";

export function createCountsApp({ log, bus, userOf, isAdmin }: CountsOptions) {
  const boards = new Map<string, number>();
  const reading = new Set<string>();

  async function look(boardId: string): Promise<void> {
    const counted = boards.get(boardId) ?? 0;
    const events = await log.after(boardId, counted);
    boards.set(boardId, counted + events.length);
  }

  /** Waits for the start, and then looks, but not twice at the same time. */
  async function onHint(boardId: string): Promise<void> {
    await ready;
    if (reading.has(boardId)) return;
    reading.add(boardId);
    await look(boardId).catch(() => {});
    reading.delete(boardId);
  }

  async function start(): Promise<void> {
    const ids = await log.boards();
    await Promise.allSettled(ids.map(look));
  }

  bus.subscribe("board:*", "counts", ({ boardId }) => void onHint(boardId));
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
