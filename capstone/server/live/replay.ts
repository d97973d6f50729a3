// How one who begins in the past joins the present. What is published meanwhile is not lost: it is in the log, and the follower
// is in step only when it has been sent everything that the others have been sent.
import { setTimeout as pause } from "node:timers/promises";
import type { SentCursor } from "../../../shared/cursor.ts";
import { Refusal } from "../../../shared/refusal.ts";
import type { Cursor } from "../../board/events.ts";
import type { Store } from "../store/store.ts";
import { type BoardFeed, PAGE_SIZE } from "./board-feed.ts";
import { encodeReset, LoggedEvent } from "./encodings.ts";
import { Follower } from "./follower.ts";
import type { Outlet } from "./outlet.ts";
import { KEPT_CHARACTERS } from "./recent-events.ts";

/** How much of a replay is put together for one write, in bytes. */
const REPLAY_BYTES = 65_536;

/** How often somebody who has to wait is looked at, in milliseconds: they may be gone. */
const LOOK_MS = 1_000;

export type Log = Pick<Store, "eventsAfter">;

export interface ReplayOptions {
  readonly log: Log;
  /** Counts what is sent of the past, in bytes. */
  charge(bytes: number): void;
  /** @returns 0, or the milliseconds until that is paid for, and there may be more */
  debtMs(): number;
  onError(error: unknown): void;
}

/**
 * Lets an outlet follow a board from a cursor.
 * @param cursor undefined for one that is none: it is answered with a reset
 */
export function follow(
  feed: BoardFeed,
  outlet: Outlet,
  cursor: SentCursor | undefined,
  options: ReplayOptions,
): Follower {
  const follower = new Follower(outlet);
  follower.at = cursor?.seq ?? feed.flushedSeq;
  outlet.follows += 1;
  if (!cursor) reset(feed, follower, "The cursor is none.");
  else if (isInStep(feed, cursor)) goLive(feed, follower);
  else {
    feed.catchingUp.add(outlet);
    catchUp(feed, follower, cursor, options).catch((error) => {
      options.onError(error);
      if (follower.isWanted) outlet.fail();
    });
  }
  return follower;
}

export function unfollow(feed: BoardFeed, follower: Follower): void {
  if (follower.isOver) return;
  follower.isOver = true;
  follower.outlet.follows -= 1;
  feed.live.delete(follower.outlet);
  feed.catchingUp.delete(follower.outlet);
}

const isInStep = (feed: BoardFeed, { epoch = feed.epoch, seq }: SentCursor) =>
  epoch === feed.epoch && seq === feed.flushedSeq;

function goLive(feed: BoardFeed, follower: Follower): void {
  follower.isLive = true;
  feed.catchingUp.delete(follower.outlet);
  feed.live.add(follower.outlet);
}

function reset(feed: BoardFeed, follower: Follower, reason: string): void {
  const { outlet } = follower;
  outlet.send(encodeReset(outlet.form, feed.boardId, reason, feed.head));
  goLive(feed, follower);
}

async function catchUp(
  feed: BoardFeed,
  follower: Follower,
  sent: SentCursor,
  options: ReplayOptions,
): Promise<void> {
  const { outlet } = follower;
  // A bare number means the log as it is now, also if it is another one in a moment.
  let cursor: Cursor = { epoch: feed.epoch, ...sent };
  while (follower.isWanted && !feed.isOver) {
    const { seq } = cursor;
    // In the same turn as the look at the numbers: whatever is flushed from here on goes to it directly.
    if (isInStep(feed, cursor)) return goLive(feed, follower);
    if (cursor.epoch === feed.epoch && seq > feed.flushedSeq && seq <= feed.seq) {
      // It knows already what the others are sent in a moment.
      await new Promise<void>((resolve) => feed.onFlushed(resolve));
      continue;
    }
    const from = cursor;
    const to = await outlet.oneByOne(() => sendPage(feed, follower, from, options));
    if (to instanceof Refusal) return reset(feed, follower, to.message);
    cursor = { ...cursor, seq: to };
  }
}

/** @returns the last seq that was sent */
async function sendPage(
  feed: BoardFeed,
  follower: Follower,
  cursor: Cursor,
  { log, charge, debtMs }: ReplayOptions,
): Promise<number | Refusal> {
  const { outlet } = follower;
  let { seq } = cursor;
  // Who asks for the whole log again and again would otherwise have the server read and write nothing else. Nothing is held meanwhile.
  for (let waitMs = debtMs(); waitMs > 0 && follower.isWanted; waitMs = debtMs()) {
    await pause(Math.min(waitMs, LOOK_MS), undefined, { ref: false });
  }
  if (!follower.isWanted || feed.isOver) return seq;
  const events = await eventsFor(feed, cursor, log);
  if (!follower.isWanted || feed.isOver) return seq;
  if (events instanceof Refusal) return events;
  for (const part of partsOf(events, feed, outlet)) {
    charge(part.bytes.length);
    await outlet.roomFor(part.bytes.length);
    if (!follower.isWanted) return seq;
    outlet.send(part.bytes);
    seq = part.seq;
    follower.at = seq;
  }
  await outlet.drained();
  return seq;
}

/** Only what the others have been sent: the rest it is sent with them. In pieces that a slow reader can be spared. */
function* partsOf(events: readonly LoggedEvent[], feed: BoardFeed, { form }: Outlet) {
  let part: Buffer[] = [];
  let size = 0;
  let seq = 0;
  for (const event of events) {
    if (event.seq > feed.flushedSeq) break;
    const bytes = event[form];
    part.push(bytes);
    size += bytes.length;
    seq = event.seq;
    if (size < REPLAY_BYTES) continue;
    yield { bytes: Buffer.concat(part), seq };
    part = [];
    size = 0;
  }
  if (part.length > 0) yield { bytes: Buffer.concat(part), seq };
}

/**
 * The events after a cursor: from memory, if they are there. Of all who ask at the same time one reads the log, and the others find
 * in memory what it has read.
 */
export async function eventsFor(
  feed: BoardFeed,
  cursor: SentCursor,
  log: Log,
): Promise<readonly LoggedEvent[] | Refusal> {
  return keptFor(feed, cursor) ?? feed.oneByOne(async () => keptFor(feed, cursor) ?? read(feed, cursor, log));
}

function keptFor(feed: BoardFeed, { epoch = feed.epoch, seq }: SentCursor) {
  if (epoch !== feed.epoch || seq < feed.recent.after || seq > feed.seq) return undefined;
  return feed.recent.from(seq, PAGE_SIZE);
}

async function read(
  feed: BoardFeed,
  cursor: SentCursor,
  log: Log,
): Promise<readonly LoggedEvent[] | Refusal> {
  const { epoch = feed.epoch, seq } = cursor;
  const { recent } = feed;
  const missing = recent.after - seq;
  // Not much is missing in memory: it is read as a whole, for all who come after this one.
  const isWorthKeeping = epoch === feed.epoch && missing > 0 && recent.hasRoomFor(missing);
  const events: LoggedEvent[] = [];
  let characters = 0;
  for (let more = true, from = seq; more; ) {
    const page = await log.eventsAfter(feed.boardId, { ...cursor, seq: from }, PAGE_SIZE);
    if (page instanceof Refusal) return page;
    // The log has more than this process has heard of: another one has written it, and everybody here wants to know.
    if (page.seq > feed.seq || seq > feed.seq || epoch !== feed.epoch) await feed.look();
    if (feed.isOver) return events;
    if (seq > feed.seq || epoch !== feed.epoch) throw new Error("The log is ahead of itself.");
    for (const event of page.events) {
      const logged = new LoggedEvent(event, epoch);
      events.push(logged);
      characters += logged.json.length;
    }
    from = page.seq;
    more = isWorthKeeping && page.more && from < recent.after && characters < KEPT_CHARACTERS;
  }
  if (isWorthKeeping) recent.prepend(events.filter((event) => event.seq <= recent.after));
  return keptFor(feed, cursor) ?? firstOf(events);
}

/** What is sent at once: at least one event, and else no more than is kept in memory. */
function firstOf(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
  let characters = 0;
  const end = events.findIndex(({ json }) => {
    characters += json.length;
    return characters > KEPT_CHARACTERS;
  });
  return events.slice(0, end === -1 ? PAGE_SIZE : Math.min(Math.max(1, end), PAGE_SIZE));
}
