// Grows ../../../chapters/02-long-polling/long-poll.ts to the asynchronous store: questions that are kept open, under a permission
// that is held for as long.
import type { SentCursor } from "../../../shared/cursor.ts";
import { errorResponse, Refusal } from "../../../shared/refusal.ts";
import type { Store } from "../store/store.ts";
import type { BoardFeed } from "./board-feed.ts";
import type { LoggedEvent } from "./encodings.ts";
import type { Feeds } from "./feeds.ts";
import type { LiveAuth, LiveSession, Permission } from "./live-auth.ts";
import { NO_SUCH_BOARD, refusalFor, tooManyHeld } from "./refusals.ts";
import { eventsFor } from "./replay.ts";

export interface LongPollsOptions {
  readonly store: Store;
  readonly auth: Pick<LiveAuth, "permissions" | "charge">;
  readonly feeds: Feeds;
  /** How long a question is kept open. In milliseconds. */
  readonly waitMs: number;
}

export function createLongPolls({ store, auth, feeds, waitMs }: LongPollsOptions) {
  const closing = new AbortController();
  let size = 0;

  /** 200 with the events after a cursor: at once if there are any, else as soon as there are; 204 if nothing happens. */
  async function answer(
    session: LiveSession,
    boardId: string,
    cursor: SentCursor,
    hangUp: AbortSignal,
  ): Promise<Response> {
    const { userId } = session;
    if (!(await store.roleOf(userId, boardId))) return NO_SUCH_BOARD.toResponse();
    if (closing.signal.aborted) return errorResponse(503, "busy", "The server is restarting.");
    if (!(await auth.permissions.mayHold(userId))) return tooManyHeld(1_000);
    const permission = auth.permissions.hold(session, boardId);
    let feed: BoardFeed | undefined;
    size += 1;
    try {
      feed = await feeds.attach(boardId);
      // First the permission, and then once more the question: whoever is removed from here on is shown out by it.
      const role = feed && (await store.roleOf(userId, boardId));
      return feed && role ? await wait(feed, permission, cursor, hangUp) : NO_SUCH_BOARD.toResponse();
    } finally {
      size -= 1;
      permission.release();
      if (feed) feeds.release(feed);
    }
  }

  async function wait(
    feed: BoardFeed,
    permission: Permission,
    cursor: SentCursor,
    hangUp: AbortSignal,
  ): Promise<Response> {
    const { signal } = permission;
    const waiting = waitFor(feed, waitMs, [hangUp, signal, closing.signal]);
    try {
      for (;;) {
        // First this, then the read: what happens in between ends a wait that has not begun yet.
        const next = waiting.next();
        const events = await eventsFor(feed, cursor, store);
        if (signal.aborted) return refusalFor(signal.reason);
        if (feed.isOver) return NO_SUCH_BOARD.toResponse();
        if (events instanceof Refusal) return events.toResponse();
        if (events.length > 0) {
          const text = textOf(feed, events);
          auth.charge(permission.userId, Buffer.byteLength(text));
          return new Response(text, { headers: HEADERS });
        }
        if (!(await next))
          return signal.aborted ? refusalFor(signal.reason) : new Response(null, { status: 204 });
      }
    } finally {
      waiting.end();
    }
  }

  return {
    answer,

    /** Answers everybody who waits. */
    close(): void {
      closing.abort();
    },

    /** How many are waiting. */
    get size() {
      return size;
    },
  };
}

/** @returns `next` resolves to whether to look again: after a flush; and not when it has been long enough, or somebody is gone */
function waitFor(feed: BoardFeed, waitMs: number, signals: readonly AbortSignal[]) {
  let isOver = false;
  let wake = (_goOn: boolean) => {};
  let forget = () => {};
  const end = () => {
    isOver = true;
    forget();
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener("abort", end);
    wake(false);
  };
  const timer = setTimeout(end, waitMs);
  for (const signal of signals) {
    if (signal.aborted) isOver = true;
    signal.addEventListener("abort", end);
  }
  return {
    end,
    next: () =>
      new Promise<boolean>((resolve) => {
        if (isOver) return resolve(false);
        forget();
        wake = resolve;
        forget = feed.onFlushed(() => resolve(true));
      }),
  };
}

/** Of a herd that asks with the same cursor, the first one's answer is written down, and the others get the same text. */
const written = new WeakMap<BoardFeed, { readonly key: string; readonly text: string }>();

function textOf(feed: BoardFeed, events: readonly LoggedEvent[]): string {
  const seq = events.at(-1)?.seq ?? 0;
  const more = seq < feed.seq;
  const key = `${events[0]?.seq} ${seq} ${more} ${feed.epoch}`;
  let answer = written.get(feed);
  if (answer?.key !== key) {
    const list = events.map(({ json }) => json).join(",");
    answer = { key, text: `{"events":[${list}],"seq":${seq},"more":${more}}` };
    written.set(feed, answer);
  }
  return answer.text;
}

const HEADERS = { "content-type": "application/json", "cache-control": "no-store" };
