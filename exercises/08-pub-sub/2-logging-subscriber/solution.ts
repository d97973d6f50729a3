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
  let lost = 0;

  function lose(): void {
    lost += 1;
  }

  function onEvent(event: BoardEvent): void {
    try {
      // Not awaited, but listened to: a rejection that nobody handles ends the process.
      write(lineOf(event))?.catch(lose);
    } catch {
      // What is thrown here would go to whoever has published, and the listeners behind us would hear nothing.
      lose();
    }
  }

  bus.on("event", onEvent);
  return {
    get lost() {
      return lost;
    },
    stop() {
      // The same function: the bus looks for it. And only this one.
      bus.off("event", onEvent);
    },
  };
}

function lineOf(event: BoardEvent): string {
  const words = [event.boardId, event.seq, event.type, event.actorId];
  if ("task" in event.data) words.push(quoted(event.data.task.title));
  return words.join(" ");
}

// In quotes, and with the line breaks written as \n: whatever somebody has typed stays one line, and one word of it.
function quoted(title: string): string {
  const beginning = title.slice(0, TITLE_LENGTH);
  return JSON.stringify(title.length > TITLE_LENGTH ? `${beginning}…` : beginning);
}
