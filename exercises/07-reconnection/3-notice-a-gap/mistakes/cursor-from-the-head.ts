// The heartbeat's head becomes the cursor: when what is missing comes, it is taken for old, and never gets on the board.
// Fails: a last event that got lost is noticed by the heartbeat
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: The cursor is what the client has. What does the head say?
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
      else if (message.type === "joined") isAsking = false;
      else if (message.head > cursor) {
        ask();
        cursor = message.head;
      }
    },
  };
}
