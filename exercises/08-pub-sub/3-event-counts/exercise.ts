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
  const boards = new Map<string, number>();

  // TODO: Read the log at the start, and wait for it before a request is answered.
  // TODO: Take a message as a hint that there is more to read.
  bus.subscribe("board:*", "counts", ({ boardId }) => {
    boards.set(boardId, (boards.get(boardId) ?? 0) + 1);
  });

  return setup({
    routes: [
      route.get("/admin/event-counts", {
        resolve: async (c) => {
          // TODO: Answer nobody but an admin.
          return Response.json({ boards: Object.fromEntries(boards) });
        },
      }),
    ],
    onNotFound: answerNotFound,
    onError: answerError,
  });
}
