// The events that servers without a store publish: the same JSON as this server's, of the same length.
import type { BoardEvent } from "../../board/events.ts";

export const BOARD_ID = "board-1";

/** A name that makes the message of a socket about 250 bytes long. */
export function boardName(number: number): string {
  return `Release ${String(number).padStart(8, "0")}: what is left to do`;
}

export interface IdentifiedEvent {
  /** The cursor, `epoch:seq`. */
  readonly id: string;
  readonly event: BoardEvent;
}

export type MadeUpLog = ReturnType<typeof createMadeUpLog>;

export function createMadeUpLog() {
  const epoch = crypto.randomUUID();
  let seq = 0;

  function identify(event: BoardEvent): IdentifiedEvent {
    return { id: `${epoch}:${event.seq}`, event };
  }

  function nextSeq(): number {
    seq += 1;
    return seq;
  }

  return {
    epoch,
    nextSeq,
    identify,
    head: () => seq,

    next(): IdentifiedEvent {
      return identify({
        seq: nextSeq(),
        type: "board_renamed",
        boardId: BOARD_ID,
        actorId: "user-1",
        at: new Date().toISOString(),
        data: { name: boardName(seq) },
      });
    },
  };
}
