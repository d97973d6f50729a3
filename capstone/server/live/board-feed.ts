// Grows ../../../chapters/03-sse/followers.ts to a log that is read asynchronously: one board, as this process hears of it, for
// all who follow it here by whatever transport.
//
// It publishes the log in order, without a gap, each event once. What is published until the next flush is one batch, and
// everybody who is in step gets the same bytes.
import { Refusal } from "../../../shared/refusal.ts";
import type { BoardEvent, Cursor } from "../../board/events.ts";
import type { SignalMessage } from "../../board/messages.ts";
import type { LogPage, Store } from "../store/store.ts";
import { Batch } from "./batch.ts";
import { encodeReset, LoggedEvent, Signal } from "./encodings.ts";
import type { Flushes, Windowed } from "./flushes.ts";
import type { Outlet } from "./outlet.ts";
import { RecentEvents } from "./recent-events.ts";

/** How many events are read from the log at once. */
export const PAGE_SIZE = 128;

/** After a read that has failed the log is read again, in milliseconds. */
const RETRY_MS = 1_000;

/** What all feeds have in common. */
export interface FeedContext {
  readonly store: Pick<Store, "eventsAfter" | "head">;
  readonly flushes: Flushes;
  /** Is told of each event before anybody else, whichever process has committed it. */
  onEvent(event: BoardEvent): void;
  /** There is no such board any more. */
  onGone(feed: BoardFeed): void;
  /** This process was away for so long that the log does not reach back to where it was. */
  onGap(feed: BoardFeed): void;
  onFlush(flush: Flush): void;
  onError(error: unknown): void;
}

/** What has left at once. */
export interface Flush {
  readonly boardId: string;
  readonly events: number;
  readonly signals: number;
  /** How many connections it went to. */
  readonly followers: number;
}

export class BoardFeed implements Windowed {
  readonly boardId: string;
  epoch: string;
  /** The last event that was published here. */
  seq: number;
  /** The last event that was sent to everybody who is in step. */
  flushedSeq: number;
  flushedAt = Number.NEGATIVE_INFINITY;
  recent: RecentEvents;
  /** Those who are in step. */
  readonly live = new Set<Outlet>();
  readonly catchingUp = new Set<Outlet>();
  isOver = false;
  readonly #context: FeedContext;
  #batch = new Batch();
  #onFlushed = new Set<() => void>();
  #looking: Promise<void> | undefined;
  #hasToLookAgain = false;
  #turn: Promise<unknown> = Promise.resolve();
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(boardId: string, head: Cursor, context: FeedContext) {
    this.boardId = boardId;
    this.epoch = head.epoch;
    this.seq = head.seq;
    this.flushedSeq = head.seq;
    this.recent = new RecentEvents(head.seq);
    this.#context = context;
  }

  get head(): Cursor {
    return { epoch: this.epoch, seq: this.flushedSeq };
  }

  /** Somebody has committed this. What is known already is left out, and what comes before it is read from the log. */
  publish(event: BoardEvent): void {
    if (this.isOver || event.seq <= this.seq) return;
    if (event.seq > this.seq + 1) void this.look();
    else this.#accept(event);
  }

  #accept(event: BoardEvent): void {
    this.seq = event.seq;
    this.#context.onEvent(event);
    const logged = new LoggedEvent(event, this.epoch);
    this.recent.push(logged);
    this.#batch.add(logged, false);
    this.#context.flushes.board(this);
  }

  /** Tells everybody who follows the board something that is about now. */
  signal(message: SignalMessage): void {
    if (this.isOver || this.live.size + this.catchingUp.size === 0) return;
    this.#batch.add(new Signal(message), true);
    this.#context.flushes.board(this);
  }

  /** One write for each connection: it is the same buffer for all who are in step. */
  flush(): void {
    const batch = this.#batch;
    if (batch.isEmpty || this.isOver) return;
    this.#batch = new Batch();
    this.flushedSeq = this.seq;
    for (const outlet of this.live) outlet.deliver(batch);
    if (batch.signals > 0) for (const outlet of this.catchingUp) outlet.deliverSignals(batch);
    const { boardId } = this;
    const { events, signals } = batch;
    this.#context.onFlush({ boardId, events, signals, followers: this.live.size });
    // Not when it began: with thousands of followers it takes as long as a window, and others want to have a turn in between.
    this.flushedAt = performance.now();
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#onFlushed;
    this.#onFlushed = new Set();
    for (const resolve of waiting) resolve();
  }

  /** Calls back after the next flush, or when the feed is over. @returns forgets it */
  onFlushed(call: () => void): () => void {
    this.#onFlushed.add(call);
    return () => this.#onFlushed.delete(call);
  }

  /** Reads of the log take turns: those who wait may find in memory what the one before them has read. */
  oneByOne<T>(read: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(read);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Publishes what the log has and was not published here yet. Resolves when that is done. */
  look(): Promise<void> {
    this.#hasToLookAgain = true;
    this.#looking ??= this.#readOn().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #readOn(): Promise<void> {
    try {
      while (this.#hasToLookAgain && !this.isOver) {
        this.#hasToLookAgain = false;
        await this.#readToTheEnd();
      }
    } catch (error) {
      // Nobody is above us who could handle it, and without another event nobody would look again.
      this.#context.onError(error);
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        void this.look();
      }, RETRY_MS);
    }
  }

  async #readToTheEnd(): Promise<void> {
    const { store } = this.#context;
    let page: LogPage | Refusal;
    do {
      const { seq, epoch } = this;
      page = await store.eventsAfter(this.boardId, { epoch, seq }, PAGE_SIZE);
      if (this.isOver) return;
      if (page instanceof Refusal) {
        await this.#skip();
        return;
      }
      // What was published directly while the log was read is in the page too.
      for (const event of page.events) if (event.seq === this.seq + 1) this.#accept(event);
    } while (page.more);
  }

  /** The log does not have what comes next: either it was cut, or it is another one, or the board is gone. */
  async #skip(): Promise<void> {
    const head = await this.#context.store.head(this.boardId);
    if (this.isOver) return;
    if (head) this.#restart(head);
    else this.#end();
  }

  /** Who was in step fetches the board again. Who is catching up finds out by its next read. */
  #restart(head: Cursor): void {
    this.#context.onGap(this);
    this.flush();
    this.epoch = head.epoch;
    this.seq = head.seq;
    this.flushedSeq = head.seq;
    this.recent = new RecentEvents(head.seq);
    for (const outlet of this.live) outlet.send(encodeReset(outlet.form, this.boardId, CUT_LOG, head));
    this.#wake();
  }

  #end(): void {
    this.close();
    this.#context.onGone(this);
  }

  /** Nobody follows it any more. */
  close(): void {
    this.isOver = true;
    clearTimeout(this.#retry);
    this.#wake();
  }
}

const CUT_LOG = "The log does not reach back that far: fetch the board again.";
