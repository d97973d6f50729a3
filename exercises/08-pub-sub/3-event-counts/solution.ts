import { route, setup } from "@hectoday/http";
import type { BoardBus } from "../../../chapters/08-pub-sub/board-topics.ts";
import type { BoardEvent } from "../../../shared/events.ts";
import { answerError, answerNotFound } from "../../../shared/refusal.ts";

/** The log, in a database that answers later. */
export interface EventLog {
  /** The ids of all boards. */
  boards(): Promise<readonly string[]>;
  /** The events of a board after a seq, as they are when it is asked, in order. After 0 these are all. */
  after(boardId: string, seq: number): Promise<readonly BoardEvent[]>;
}

export interface CountsOptions {
  readonly log: EventLog;
  /** It calls a handler for one message after another: the next one when the promise of the last is settled. */
  readonly bus: BoardBus;
  /** Who asks; undefined when nobody is signed in. */
  readonly userOf: (request: Request) => string | undefined;
  readonly isAdmin: (userId: string) => boolean;
}

/** `GET /admin/event-counts`: how many events each board has. */
export function createCountsApp({ log, bus, userOf, isAdmin }: CountsOptions) {
  /** The last seq that was counted, of each board. A log has no gaps: it is also how many there are. */
  const boards = new Map<string, number>();
  let last: Promise<void> = Promise.resolve();

  /** Counts what the log has and was not counted yet. One look at a time: two would count the same events. */
  function look(boardId: string): Promise<void> {
    // After a look that has failed too: the next one begins where that one did.
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
    // All of them: one that fails is no reason not to wait for the others.
    await Promise.allSettled(ids.map(look));
  }

  // Before the log is read: what is committed in between is hinted at.
  bus.subscribe("board:*", "counts", ({ boardId }) => look(boardId));
  // A board that could not be read is read at its next hint.
  const ready = start().catch(() => {});

  return setup({
    routes: [
      route.get("/admin/event-counts", {
        resolve: async (c) => {
          const userId = userOf(c.request);
          // Not 403: that would say that there is such a route.
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
