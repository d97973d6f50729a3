// stop() asks the bus to remove a function that it does not have: the log goes on for ever.
// Fails: stop ends the log, and nobody else's subscription
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: Two functions with the same text are two functions. The bus looks for the one that it has got.
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

  bus.on("event", (event) => onEvent(event));
  return {
    get lost() {
      return lost;
    },
    stop() {
      bus.off("event", (event) => onEvent(event));
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
