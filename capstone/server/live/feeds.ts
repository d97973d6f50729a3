// The boards that somebody follows in this process, each with one feed.
import type { BoardEvent, Cursor } from "../../board/events.ts";
import type { SignalMessage } from "../../board/messages.ts";
import { BoardFeed, type FeedContext } from "./board-feed.ts";

/** What a board is watched for, if there are other nodes. @returns stops it */
export type Watch = (boardId: string) => () => void;

export interface FeedsOptions extends FeedContext {
  /** A feed that nobody uses is kept for so long: a client that asks again and again finds it. In milliseconds. */
  readonly keepMs: number;
  readonly watch: Watch;
}

interface Kept {
  /** Set when it is known whether there is such a board. */
  feed: BoardFeed | undefined;
  /** What was committed while that was asked. */
  readonly early: BoardEvent[];
  readonly opening: Promise<BoardFeed | undefined>;
  readonly unwatch: () => void;
  users: number;
  /** When the last one left: a time of `performance.now()`. */
  idleSince: number;
}

export interface Feeds {
  /**
   * The feed of a board, which is kept until `release`. It has all that is committed from now on.
   * @returns undefined, and nothing to release, when there is no such board
   */
  attach(boardId: string): Promise<BoardFeed | undefined>;
  release(feed: BoardFeed): void;
  /** An event that was committed in this process. */
  publish(event: BoardEvent): void;
  /** To look at the log of a board, because something may have happened to it. */
  look(boardId: string): void;
  signal(message: SignalMessage): void;
  /** The last event of a board that was published here. Undefined for a board that is not kept. */
  seqOf(boardId: string): number | undefined;
  /** How many are in use. */
  readonly size: number;
  close(): void;
}

export function createFeeds({ keepMs, watch, ...context }: FeedsOptions): Feeds {
  const boards = new Map<string, Kept>();
  let sweeper: ReturnType<typeof setInterval> | undefined;
  let isClosed = false;

  async function attach(boardId: string): Promise<BoardFeed | undefined> {
    const kept = boards.get(boardId) ?? open(boardId);
    kept.users += 1;
    try {
      const feed = kept.feed ?? (await kept.opening);
      if (feed && !feed.isOver) return feed;
    } catch (error) {
      leave(kept);
      throw error;
    }
    leave(kept);
    return undefined;
  }

  /** First it is there, and then the head is asked for: what is committed in between is not lost. */
  function open(boardId: string): Kept {
    const early: BoardEvent[] = [];
    const unwatch = watch(boardId);
    const opening = context.store.head(boardId).then((head) => begin(boardId, head));
    const kept: Kept = { feed: undefined, early, opening, unwatch, users: 0, idleSince: 0 };
    boards.set(boardId, kept);
    opening.catch(() => forget(boardId, kept));
    sweeper ??= setInterval(sweep, Math.max(keepMs / 2, 10));
    return kept;
  }

  function begin(boardId: string, head: Cursor | undefined): BoardFeed | undefined {
    const kept = boards.get(boardId);
    if (!head || !kept || isClosed) {
      if (kept) forget(boardId, kept);
      return undefined;
    }
    const feed = new BoardFeed(boardId, head, {
      ...context,
      onGone(gone) {
        if (boards.get(boardId)?.feed === gone) forget(boardId, kept);
        context.onGone(gone);
      },
    });
    kept.feed = feed;
    for (const event of kept.early.splice(0)) feed.publish(event);
    return feed;
  }

  function forget(boardId: string, kept: Kept): void {
    if (boards.get(boardId) !== kept) return;
    boards.delete(boardId);
    kept.unwatch();
    kept.feed?.close();
    if (boards.size > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
  }

  function leave(kept: Kept): void {
    kept.users -= 1;
    if (kept.users === 0) kept.idleSince = performance.now();
  }

  function sweep(): void {
    const before = performance.now() - keepMs;
    for (const [boardId, kept] of boards) {
      if (kept.users === 0 && kept.idleSince <= before) forget(boardId, kept);
    }
  }

  return {
    attach,

    release(feed) {
      const kept = boards.get(feed.boardId);
      // One that is over was forgotten, and there may be another one by now.
      if (kept?.feed === feed) leave(kept);
    },

    publish(event) {
      const kept = boards.get(event.boardId);
      if (kept?.feed) kept.feed.publish(event);
      else kept?.early.push(event);
    },

    seqOf: (boardId) => boards.get(boardId)?.feed?.seq,
    look(boardId) {
      const kept = boards.get(boardId);
      // One that is just being opened may have asked for the head too early.
      kept?.opening.then((feed) => feed?.look()).catch(() => {});
    },
    signal: (message) => boards.get(message.boardId)?.feed?.signal(message),

    get size() {
      let size = 0;
      for (const { users } of boards.values()) if (users > 0) size += 1;
      return size;
    },

    close() {
      isClosed = true;
      for (const [boardId, kept] of [...boards]) forget(boardId, kept);
    },
  };
}
