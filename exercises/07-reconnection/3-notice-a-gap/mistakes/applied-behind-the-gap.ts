// The client asks, and applies the event behind the gap all the same: what was missing is then taken for old, and never gets on the board.
// Fails: nothing is applied behind a gap until it is filled
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: Where is the cursor when the answer comes, and what does that say about the event that was missing?
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
      ask();
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
