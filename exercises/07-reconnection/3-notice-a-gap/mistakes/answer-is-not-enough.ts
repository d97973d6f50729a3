// The answer alone does not end the question, only an event that is applied does: when the missing event gets lost again, nobody asks any more, and the board stands still.
// Fails: what gets lost again is asked for again
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: The server says when it has answered. What if the event behind the answer gets lost as well?
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
    isAsking = false;
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
