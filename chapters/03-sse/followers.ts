// Who follows which board, and how one who begins in the past joins the present without a gap.
import type { LogPage } from "../../shared/board.ts";
import type { SentCursor } from "../../shared/cursor.ts";
import type { BoardEvent, Cursor } from "../../shared/events.ts";
import { Refusal } from "../../shared/refusal.ts";

/** Where a follower's events go: a stream, or anything else that can be behind or gone. */
export interface Outlet {
  /** When it is closed, nothing happens. */
  send(bytes: Uint8Array): void;
  /** Resolves when the client has taken nearly all of what was sent, or is gone. */
  drained(): Promise<void>;
  readonly isOpen: boolean;
  /** Something has gone wrong on our side: ends it, and the client comes back. */
  fail(): void;
}

/** What followers need of a log. Its reads may take a while. */
export interface Log {
  head(boardId: string): Cursor | Refusal;
  eventsAfter(
    boardId: string,
    cursor: SentCursor,
    limit: number,
  ): LogPage | Refusal | Promise<LogPage | Refusal>;
}

/** How what is sent is written down. */
export interface Encoding {
  event(event: BoardEvent, epoch: string): Uint8Array;
  /** Sent once, to a client whose cursor cannot be honoured: it has to fetch the board again. */
  reset(boardId: string, reason: string, head: Cursor): Uint8Array;
}

interface Follower {
  readonly outlet: Outlet;
  /** The last seq that was sent to it. */
  seq: number;
  /** It is still being sent what it missed, from the log. */
  isReplaying: boolean;
  /** Something was published meanwhile: the log has to be read once more. */
  hasMissed: boolean;
  /** It has stopped: a replay that is under way ends too. */
  isOver: boolean;
}

/** How many events are read from the log at once. */
const PAGE_SIZE = 100;

export function createFollowers(log: Log, encoding: Encoding) {
  const byBoard = new Map<string, Set<Follower>>();

  /**
   * Lets an outlet follow a board.
   * @param cursor undefined for one that is none: it is answered with a reset
   * @returns stops following
   */
  function follow(boardId: string, outlet: Outlet, cursor: SentCursor | undefined, head: Cursor): () => void {
    const followers = byBoard.get(boardId) ?? new Set();
    byBoard.set(boardId, followers);
    const follower: Follower = { outlet, seq: head.seq, isReplaying: false, hasMissed: false, isOver: false };
    // First this line, then the log: what is published in between is not lost.
    followers.add(follower);
    if (cursor) replay(boardId, follower, cursor);
    else reset(boardId, follower, "the cursor is none");
    return () => {
      follower.isOver = true;
      followers.delete(follower);
      if (followers.size === 0 && byBoard.get(boardId) === followers) byBoard.delete(boardId);
    };
  }

  function replay(boardId: string, follower: Follower, cursor: SentCursor): void {
    follower.isReplaying = true;
    follower.seq = cursor.seq;
    readOn(boardId, follower, cursor).catch((error) => {
      console.error(error);
      follower.outlet.fail();
    });
  }

  /** Sends what the log has after a cursor, and after that, whatever was published while it did. */
  async function readOn(boardId: string, follower: Follower, cursor: SentCursor): Promise<void> {
    const { outlet } = follower;
    const isWanted = () => outlet.isOpen && !follower.isOver;
    let from = cursor;
    let page: LogPage | Refusal;
    try {
      do {
        follower.hasMissed = false;
        page = await log.eventsAfter(boardId, from, PAGE_SIZE);
        if (page instanceof Refusal) {
          reset(boardId, follower, page.message);
          return;
        }
        const epoch = epochOf(boardId);
        for (const event of page.events) {
          // A client that is far behind takes a while, and so do we: what it has not taken waits in memory.
          await outlet.drained();
          if (!isWanted()) return;
          sendTo(follower, event, encoding.event(event, epoch));
        }
        from = { ...from, seq: follower.seq };
      } while (isWanted() && (page.more || follower.hasMissed));
    } finally {
      // At once, in the same turn as the last look at the log: what is published from now on goes out directly.
      follower.isReplaying = false;
    }
  }

  /** Tells all who follow a board about an event. It is encoded once, and the same bytes go to everybody. */
  function publish(event: BoardEvent): void {
    const { boardId, seq } = event;
    const followers = byBoard.get(boardId);
    if (!followers) return;
    const epoch = epochOf(boardId);
    const bytes = encoding.event(event, epoch);
    for (const follower of followers) {
      if (follower.isReplaying) follower.hasMissed = true;
      else if (seq === follower.seq + 1) sendTo(follower, event, bytes);
      // Nobody told us what comes before it: the log has it.
      else replay(boardId, follower, { epoch, seq: follower.seq });
    }
  }

  function sendTo(follower: Follower, { seq }: BoardEvent, bytes: Uint8Array): void {
    if (seq <= follower.seq) return;
    follower.outlet.send(bytes);
    follower.seq = seq;
  }

  function reset(boardId: string, follower: Follower, reason: string): void {
    const head = log.head(boardId);
    if (head instanceof Refusal || follower.isOver) return;
    follower.outlet.send(encoding.reset(boardId, reason, head));
    follower.seq = head.seq;
  }

  function epochOf(boardId: string): string {
    const head = log.head(boardId);
    return head instanceof Refusal ? "" : head.epoch;
  }

  return {
    follow,
    publish,
    /** How many follow anything. */
    get size() {
      return [...byBoard.values()].reduce((sum, followers) => sum + followers.size, 0);
    },
    /** How many boards anybody follows. */
    get boardCount() {
      return byBoard.size;
    },
  };
}
