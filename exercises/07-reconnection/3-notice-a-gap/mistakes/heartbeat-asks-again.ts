// The heartbeat does not know that a question is under way, and asks again: when the server is slow, it is asked the more.
// Fails: one gap is one question, whatever else comes before the answer
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: Two messages can show a gap, and one question fills it. Let both go the same way.
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
      else if (message.head > cursor) send({ type: "join", after: cursor });
    },
  };
}
