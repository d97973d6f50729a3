// Whatever is not the next event is taken for a gap: an event that comes twice makes the client ask for what it has.
// Fails: events are applied in order, and those that Bob has already are dropped
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: There are two ways not to be the next one. Only one of them means that something is missing.
import type { BoardEvent, FollowerOptions, ServerMessage } from "../exercise.ts";

export function createFollower({ after, apply, send }: FollowerOptions) {
  let cursor = after;
  let isAsking = false;

  function ask(): void {
    if (isAsking) return;
    isAsking = true;
    send({ type: "join", after: cursor });
  }

  function readEvent(event: BoardEvent): void {
    if (event.seq !== cursor + 1) {
      ask();
      return;
    }
    cursor = event.seq;
    apply(event);
  }

  return {
    read(message: ServerMessage): void {
      if (message.type === "event") readEvent(message.event);
      else if (message.type === "joined") isAsking = false;
      else if (message.head > cursor) ask();
    },
  };
}
