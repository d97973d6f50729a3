// The log of one board, in memory: what a stream reads and follows.
import { encodeEvent } from "../../../chapters/03-sse/event-stream.ts";

export interface LoggedEvent {
  readonly seq: number;
  readonly type: string;
}

export interface BoardLog {
  /** Names this log. A cursor with another epoch means nothing here. */
  readonly epoch: string;
  /** The seq of the oldest event that is still there. Older ones have been deleted. */
  readonly firstSeq: number;
  /** The seq of the newest event. */
  readonly headSeq: number;
  /** The events above a seq, oldest first: those that are still there. */
  eventsAfter(seq: number): readonly LoggedEvent[];
  /**
   * Tells of every event from now on.
   * @returns stops telling
   */
  follow(onEvent: (event: LoggedEvent) => void): () => void;
  /** Adds an event at the end, and tells all who follow. */
  append(type: string): void;
}

export function createBoardLog(epoch: string, firstSeq: number, headSeq: number): BoardLog {
  const events: LoggedEvent[] = [];
  for (let seq = firstSeq; seq <= headSeq; seq++) events.push({ seq, type: "task_created" });
  const followers = new Set<(event: LoggedEvent) => void>();
  return {
    epoch,
    firstSeq,
    get headSeq() {
      return events.at(-1)?.seq ?? 0;
    },
    eventsAfter: (after) => events.filter(({ seq }) => seq > after),
    follow(onEvent) {
      followers.add(onEvent);
      return () => void followers.delete(onEvent);
    },
    append(type) {
      const event = { seq: this.headSeq + 1, type };
      events.push(event);
      for (const onEvent of followers) onEvent(event);
    },
  };
}

/** The bytes of an event; its id is the cursor. */
export function encodeBoardEvent({ epoch }: BoardLog, { seq, type }: LoggedEvent): Uint8Array {
  return encodeEvent({ id: `${epoch}:${seq}`, type, data: JSON.stringify({ seq, type }) });
}

/** The bytes of a reset; its id is the head, so that a browser that comes back does not ask for the impossible again. */
export function encodeReset({ epoch, headSeq }: BoardLog, reason: string): Uint8Array {
  return encodeEvent({
    id: `${epoch}:${headSeq}`,
    type: "reset",
    data: JSON.stringify({ reason, seq: headSeq }),
  });
}
