// The client asks for what comes after the event before this one: of a larger gap the first part is never sent.
// Fails: nothing is applied behind a gap until it is filled
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: What do you have, for certain and without a gap? Ask for all that comes after it.
import type { BoardEvent, FollowerOptions, ServerMessage } from "../exercise.ts";

export function createFollower({ after, apply, send }: FollowerOptions) {
  let cursor = after;
  let isAsking = false;

  function ask(after = cursor): void {
    if (isAsking) return;
    isAsking = true;
    send({ type: "join", after });
  }

  function readEvent(event: BoardEvent): void {
    if (event.seq <= cursor) return;
    if (event.seq > cursor + 1) {
      ask(event.seq - 1);
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
