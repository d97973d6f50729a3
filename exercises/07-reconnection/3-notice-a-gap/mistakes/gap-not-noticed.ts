// A gap is ignored: nothing is applied behind it, and until somebody loads the page again the board stands still.
// Fails: nothing is applied behind a gap until it is filled
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: Not to apply it is right, and half of it. Who gets what is missing?
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
    if (event.seq <= cursor) return;
    if (event.seq > cursor + 1) {
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
