// The head is compared as if it were the next event: when one event got lost, and it was the last, nobody notices.
// Fails: a last event that got lost is noticed by the heartbeat
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: An event of the cursor plus one is no gap, because it is there. Is a head of the cursor plus one?
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
      else if (message.head > cursor + 1) ask();
    },
  };
}
