// Each event behind the gap is a new question: a busy board makes a storm of them, and every answer brings the same events again.
// Fails: one gap is one question, whatever else comes before the answer
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: The first question is under way. What does the second one add to it?
import type { BoardEvent, FollowerOptions, ServerMessage } from "../exercise.ts";

export function createFollower({ after, apply, send }: FollowerOptions) {
  let cursor = after;
  function ask(): void {
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
