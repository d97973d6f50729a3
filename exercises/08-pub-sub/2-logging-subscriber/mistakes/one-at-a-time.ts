// Each line waits for the one before: a single write that hangs silences the log, and what waits fills the memory.
// Fails: a write that never ends holds up no other line
// Lesson: chapters/08-pub-sub/README.md#build-it
// Hint: Nobody waits for a write, the next line neither.
import type { EventEmitter } from "node:events";
import type { BoardEvent } from "../../../../shared/events.ts";
import type { EventLog } from "../exercise.ts";

const TITLE_LENGTH = 20;

export function logEvents(
  bus: EventEmitter<{ event: [BoardEvent] }>,
  write: (line: string) => void | Promise<void>,
): EventLog {
  let lost = 0;
  let isWriting = false;
  const waiting: string[] = [];

  function lose(): void {
    lost += 1;
  }

  function start(line: string): void {
    try {
      const writing = write(line);
      if (!writing) return;
      isWriting = true;
      writing.catch(lose).finally(goOn);
    } catch {
      lose();
    }
  }

  function goOn(): void {
    isWriting = false;
    const line = waiting.shift();
    if (line !== undefined) start(line);
  }

  function onEvent(event: BoardEvent): void {
    const line = lineOf(event);
    if (!isWriting) {
      start(line);
    } else {
      waiting.push(line);
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
