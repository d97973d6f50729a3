// Every title gets its three dots: nobody can tell whether there was more.
// Fails: an event is one line: where, which, what, who, and the title if it has one
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: A title of 20 characters or fewer is there as a whole. When do the dots belong to it?
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
  return JSON.stringify(`${beginning}…`);
}
