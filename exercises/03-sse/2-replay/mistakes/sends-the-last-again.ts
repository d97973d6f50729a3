// The event that the cursor names is sent once more: the client applies it twice.
// Fails: whoever comes back gets exactly what they missed, and then what happens
// Lesson: chapters/03-sse/README.md#what-goes-over-the-wire
// Hint: A cursor is the last seq that the client has. Which is the first that it lacks?
import { type EventStream, openEventStream } from "../../../../chapters/03-sse/event-stream.ts";
import { type BoardLog, encodeBoardEvent, encodeReset } from "../board-log.ts";

export function streamBoard(request: Request, log: BoardLog): Response {
  let unfollow = () => {};
  const stream = openEventStream({ onClose: () => unfollow() });
  const after = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after");
  if (after !== null) replay(stream, log, after);
  unfollow = log.follow((event) => stream.send(encodeBoardEvent(log, event)));
  return stream.response;
}

function replay(stream: EventStream, log: BoardLog, after: string): void {
  const [, epoch, digits] = /^(\w+):(\d+)$/.exec(after) ?? [];
  const seq = Number(digits);
  const canHonour = epoch === log.epoch && seq <= log.headSeq && seq + 1 >= log.firstSeq;
  if (!canHonour) {
    stream.send(encodeReset(log, `${after} cannot be honoured: fetch the board again`));
    return;
  }
  for (const event of log.eventsAfter(seq - 1)) stream.send(encodeBoardEvent(log, event));
}
