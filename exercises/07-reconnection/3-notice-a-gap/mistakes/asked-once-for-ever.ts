// Nothing clears the question when its answer has come: the second gap is never asked for, and the board stands still.
// Fails: the next gap is a new question
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: When is a question over? The server says so.
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
      return;
    }
    cursor = event.seq;
    apply(event);
  }

  return {
    read(message: ServerMessage): void {
      if (message.type === "event") readEvent(message.event);
      else if (message.type === "heartbeat" && message.head > cursor) ask();
    },
  };
}
