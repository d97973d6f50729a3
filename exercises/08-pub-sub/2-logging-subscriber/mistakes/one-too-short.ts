// A title that just fits is shortened all the same: its dots say that something is missing.
// Fails: of a long title only the beginning is logged
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: Which titles have more than 20 characters? Look at the one that has exactly 20.
import type { EventEmitter } from "node:events";
import type { BoardEvent } from "../../../../shared/events.ts";
import type { EventLog } from "../exercise.ts";

const TITLE_LENGTH = 20;

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
      write(lineOf(event))?.catch(lose);
    } catch {
      lose();
    }
  }

  bus.on("event", onEvent);
  return {
    get lost() {
      return lost;
    },
    stop() {
      bus.off("event", onEvent);
    },
  };
}

function lineOf(event: BoardEvent): string {
  const words = [event.boardId, event.seq, event.type, event.actorId];
  if ("task" in event.data) words.push(quoted(event.data.task.title));
  return words.join(" ");
}

function quoted(title: string): string {
  const beginning = title.slice(0, TITLE_LENGTH);
  return JSON.stringify(title.length >= TITLE_LENGTH ? `${beginning}…` : beginning);
}
