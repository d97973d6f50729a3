// A title is written as it is: one with a line break makes two lines, and the second one is an event that never happened.
// Fails: no title can look like a second line, or like the end of its quotes
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: What somebody types can hold any character, those that end a line or a quote included.
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
  return `"${beginning}${title.length > TITLE_LENGTH ? "…" : ""}"`;
}
