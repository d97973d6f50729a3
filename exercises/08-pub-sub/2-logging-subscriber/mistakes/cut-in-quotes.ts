// The title is quoted first and cut afterwards: what is one character in the title counts as two, and half of a line break can be left.
// Fails: of a long title only the beginning is logged
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: How many characters is a line break before `JSON.stringify`, and how many after it?
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
  const inside = JSON.stringify(title).slice(1, -1);
  return `"${inside.length > TITLE_LENGTH ? `${inside.slice(0, TITLE_LENGTH)}…` : inside}"`;
}
