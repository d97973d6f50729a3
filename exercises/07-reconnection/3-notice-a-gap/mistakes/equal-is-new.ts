// Only what is smaller than the cursor is dropped: the last event, when it comes again, is applied again.
// Fails: events are applied in order, and those that Bob has already are dropped
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: The event with the seq of the cursor: do you have it or not?
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
    if (event.seq < cursor) return;
    if (event.seq > cursor + 1) {
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
