import type { EventEmitter } from "node:events";
import type { BoardEvent } from "../../../shared/events.ts";

export interface EventLog {
  /** How many lines could not be written. */
  readonly lost: number;
  /** Logs nothing any more. */
  stop(): void;
}

/** How much of a title is logged, in characters. */
const TITLE_LENGTH = 20;

/**
 * Writes a line for every event on the bus, and harms nobody else who listens there.
 * @param write may throw, and may return a promise that is rejected or never settled
 */
export function logEvents(
  bus: EventEmitter<{ event: [BoardEvent] }>,
  write: (line: string) => void | Promise<void>,
): EventLog {
  // TODO: Count the lines that could not be written, and let nobody else notice.
  bus.on("event", (event) => void write(lineOf(event)));
  return {
    lost: 0,
    stop() {
      // TODO: End this subscription and no other.
    },
  };
}

function lineOf(event: BoardEvent): string {
  // TODO: Say which board, seq, type and user, and how the title begins.
  return event.boardId;
}
