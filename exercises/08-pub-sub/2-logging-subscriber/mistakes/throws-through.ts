// What the log throws goes to the publisher: the change looks as if it had failed, and listeners behind the log hear nothing.
// Fails: a log that throws is noticed neither by the publisher nor by others, and is counted
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: An EventEmitter calls its listeners in the stack of whoever emits. So where does the error go?
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
    write(lineOf(event))?.catch(lose);
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
