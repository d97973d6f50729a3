// Who follows which board by a stream, and how a stream that begins in the past joins the present.
import type { LogPage } from "../../shared/board.ts";
import { formatCursor, parseCursor, type SentCursor } from "../../shared/cursor.ts";
import type { BoardEvent, Cursor } from "../../shared/events.ts";
import { Refusal } from "../../shared/refusal.ts";
import { type EventStream, type EventStreamOptions, encodeEvent, openEventStream } from "./event-stream.ts";

/** What streams need of a log. Its reads may take a while. */
export interface Log {
  head(boardId: string): Cursor | Refusal;
  eventsAfter(
    boardId: string,
    cursor: SentCursor,
    limit: number,
  ): LogPage | Refusal | Promise<LogPage | Refusal>;
}

export type StreamSettings = Omit<EventStreamOptions, "onClose">;

/** One stream on one board. */
interface Follower {
  readonly stream: EventStream;
  /** The last seq that was sent to it. */
  seq: number;
  /** It is still being sent what it missed, from the log. */
  isReplaying: boolean;
  /** Something was published meanwhile: the log has to be read once more. */
  hasMissed: boolean;
}

/** How many events are read from the log at once. */
const PAGE_SIZE = 500;

export function createBoardStreams(log: Log, settings: StreamSettings = {}) {
  const byBoard = new Map<string, Set<Follower>>();

  /**
   * Opens a stream on a board.
   * @param after the cursor that the client sent, as it came; undefined begins at the head
   * @returns a stream, also for a cursor that cannot be honoured: its first event says `reset`. 404 for no such board
   */
  function open(boardId: string, after: string | undefined): Response {
    const head = log.head(boardId);
    if (head instanceof Refusal) return head.toResponse();
    const cursor = after === undefined ? head : parseCursor(after);

    const followers = byBoard.get(boardId) ?? new Set();
    byBoard.set(boardId, followers);
    const stream = openEventStream({
      ...settings,
      onClose: () => {
        followers.delete(follower);
        if (followers.size === 0 && byBoard.get(boardId) === followers) byBoard.delete(boardId);
      },
    });
    const follower: Follower = { stream, seq: head.seq, isReplaying: false, hasMissed: false };
    // First this line, then the log: what is published in between is not lost.
    followers.add(follower);
    if (cursor) replay(boardId, follower, cursor);
    else sendReset(boardId, follower, "the cursor is none");
    return stream.response;
  }

  /** Sends what the log has after a cursor, and after that, whatever was published while it did. */
  async function replay(boardId: string, follower: Follower, cursor: SentCursor): Promise<void> {
    const { stream } = follower;
    follower.isReplaying = true;
    follower.seq = cursor.seq;
    let from = cursor;
    let page: LogPage | Refusal;
    do {
      follower.hasMissed = false;
      page = await log.eventsAfter(boardId, from, PAGE_SIZE);
      if (page instanceof Refusal) {
        sendReset(boardId, follower, page.message);
        break;
      }
      for (const event of page.events) sendTo(follower, event, encode(event, epochOf(boardId)));
      from = { ...from, seq: follower.seq };
      // A client that is far behind takes a while, and so do we: what it has not taken waits in memory.
      await stream.drained();
    } while (stream.isOpen && (page.more || follower.hasMissed));
    follower.isReplaying = false;
  }

  /** Tells all streams on a board about an event. It is encoded once, and the same bytes go to every stream. */
  function publish(event: BoardEvent): void {
    const { boardId, seq } = event;
    const followers = byBoard.get(boardId);
    if (!followers) return;
    const epoch = epochOf(boardId);
    const bytes = encode(event, epoch);
    for (const follower of followers) {
      if (follower.isReplaying) follower.hasMissed = true;
      else if (seq === follower.seq + 1) sendTo(follower, event, bytes);
      // Nobody told us what comes before it: the log has it.
      else replay(boardId, follower, { epoch, seq: follower.seq });
    }
  }

  function sendTo(follower: Follower, { seq }: BoardEvent, bytes: Uint8Array): void {
    if (seq <= follower.seq) return;
    follower.stream.send(bytes);
    follower.seq = seq;
  }

  /** Its id is the head, so that a client that comes back does not ask for the impossible again. */
  function sendReset(boardId: string, follower: Follower, reason: string): void {
    const head = log.head(boardId);
    if (head instanceof Refusal) {
      follower.stream.close();
    } else {
      const data = JSON.stringify({ reason, seq: head.seq });
      follower.stream.send(encodeEvent({ id: formatCursor(head), type: "reset", data }));
      follower.seq = head.seq;
    }
  }

  function epochOf(boardId: string): string {
    const head = log.head(boardId);
    return head instanceof Refusal ? "" : head.epoch;
  }

  return {
    open,
    publish,
    /** Ends all streams; their clients come back. */
    close(): void {
      for (const followers of byBoard.values()) for (const { stream } of [...followers]) stream.close();
    },
    /** How many streams are open. */
    get size() {
      return [...byBoard.values()].reduce((sum, followers) => sum + followers.size, 0);
    },
    /** How many boards anybody follows. */
    get boardCount() {
      return byBoard.size;
    },
  };
}

/** `id` is the cursor, `event` the type, `data` the event's JSON on one line. */
function encode(event: BoardEvent, epoch: string): Uint8Array {
  const id = formatCursor({ epoch, seq: event.seq });
  return encodeEvent({ id, type: event.type, data: JSON.stringify(event) });
}
