// The client asks also when it has everything: each heartbeat of each client is a question to the server.
// Fails: a heartbeat without anything new asks for nothing
// Lesson: chapters/07-reconnection/README.md#build-it
// Hint: The cursor is at the head. Is anything missing?
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
      else if (message.head >= cursor) ask();
    },
  };
}
