// stop() makes the log say nothing, and leaves its listener on the bus: it is called for each event, and keeps its memory, for ever.
// Fails: stop ends the log, and nobody else's subscription
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: Who still knows your function after stop()?
import type { EventEmitter } from "node:events";
import type { BoardEvent } from "../../../../shared/events.ts";
import type { EventLog } from "../exercise.ts";

const TITLE_LENGTH = 20;

export function logEvents(
  bus: EventEmitter<{ event: [BoardEvent] }>,
  write: (line: string) => void | Promise<void>,
): EventLog {
  let lost = 0;
  let isStopped = false;

  function lose(): void {
    lost += 1;
  }

  function onEvent(event: BoardEvent): void {
    if (isStopped) return;
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
      isStopped = true;
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
