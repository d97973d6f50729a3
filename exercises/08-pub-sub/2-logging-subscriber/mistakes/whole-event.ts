// The whole event is in the log: descriptions that are nobody else's business are read by everybody who reads it.
// Fails: an event is one line: where, which, what, who, and the title if it has one
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: Choose what is logged, and not what is left out: the next event type may carry a secret too.
import type { EventEmitter } from "node:events";
import type { BoardEvent } from "../../../../shared/events.ts";
import type { EventLog } from "../exercise.ts";

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
  return `${event.boardId} ${event.seq} ${event.type} ${event.actorId} ${quoted(JSON.stringify(event.data))}`;
}

function quoted(title: string): string {
  return title;
}
