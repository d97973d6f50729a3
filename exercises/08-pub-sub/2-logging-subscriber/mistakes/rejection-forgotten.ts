// A write that fails later is not handled: the line is lost without a trace, or the whole process ends.
// Fails: a write that fails later is counted too
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: try sees what is thrown while write runs. What comes of the promise that it has returned?
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
      void write(lineOf(event));
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
  return JSON.stringify(title.length > TITLE_LENGTH ? `${beginning}…` : beginning);
}
