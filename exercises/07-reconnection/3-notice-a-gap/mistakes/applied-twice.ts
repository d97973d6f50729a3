// An event that has come before is applied again: users see a task twice, or a title that has changed back.
// Fails: events are applied in order, and those that Bob has already are dropped
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: The cursor says what you have. What is to be done with a seq that is not larger?
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
    if (event.seq > cursor + 1) {
      ask();
      return;
    }
    cursor = Math.max(cursor, event.seq);
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
