// The heartbeat's head is not looked at: when the last event got lost, the board stays wrong until somebody changes something.
// Fails: a last event that got lost is noticed by the heartbeat
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: No event comes that could show the gap. What else says how long the log is?
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
    },
  };
}
