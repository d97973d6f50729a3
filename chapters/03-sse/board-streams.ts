// The streams that are open on boards: followers whose events leave as Server-Sent Events.
import { formatCursor, parseCursor } from "../../shared/cursor.ts";
import { Refusal } from "../../shared/refusal.ts";
import { type EventStream, type EventStreamOptions, encodeEvent, openEventStream } from "./event-stream.ts";
import { createFollowers, type Encoding, type Log } from "./followers.ts";

export type StreamSettings = Omit<EventStreamOptions, "onClose">;

/** `id` is the cursor, `event` the type, `data` the event's JSON on one line. */
const ENCODING: Encoding = {
  event: (event, epoch) =>
    encodeEvent({
      id: formatCursor({ epoch, seq: event.seq }),
      type: event.type,
      data: JSON.stringify(event),
    }),
  // Its id is the head, so that a browser that comes back does not ask for the impossible again.
  reset: (_boardId, reason, head) =>
    encodeEvent({ id: formatCursor(head), type: "reset", data: JSON.stringify({ reason, seq: head.seq }) }),
};

export function createBoardStreams(log: Log, settings: StreamSettings = {}) {
  const followers = createFollowers(log, ENCODING);
  const streams = new Set<EventStream>();

  /**
   * Opens a stream on a board.
   * @param after the cursor that the client sent, as it came; undefined begins at the head
   * @param attend is given the stream when it is open; what it returns is called when the stream is over
   * @returns a stream, also for a cursor that cannot be honoured: its first event says `reset`. 404 for no such board
   */
  function open(
    boardId: string,
    after: string | undefined,
    attend: (stream: EventStream) => () => void = () => () => {},
  ): Response {
    const head = log.head(boardId);
    if (head instanceof Refusal) return head.toResponse();
    let unfollow = () => {};
    let unattend = () => {};
    const stream = openEventStream({
      ...settings,
      onClose: () => {
        streams.delete(stream);
        unfollow();
        unattend();
      },
    });
    streams.add(stream);
    unfollow = followers.follow(boardId, stream, after === undefined ? head : parseCursor(after), head);
    unattend = attend(stream);
    return stream.response;
  }

  return {
    open,
    publish: followers.publish,
    /** Ends all streams; their clients come back. */
    close(): void {
      for (const stream of [...streams]) stream.close();
    },
    /** How many streams are open. */
    get size() {
      return streams.size;
    },
    /** How many boards anybody follows. */
    get boardCount() {
      return followers.boardCount;
    },
  };
}
