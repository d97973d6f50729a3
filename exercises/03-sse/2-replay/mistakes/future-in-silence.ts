// A cursor from the future is answered with nothing: the client believes that it is up to date, and has events that this log never had.
// Fails: a cursor from the future is answered with one reset
// Lesson: chapters/03-sse/README.md#build-it
// Hint: How can a client know more than the log does? Is silence an answer to that?
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
  const canHonour = epoch === log.epoch && seq + 1 >= log.firstSeq;
  if (!canHonour) {
    stream.send(encodeReset(log, `${after} cannot be honoured: fetch the board again`));
    return;
  }
  for (const event of log.eventsAfter(seq)) stream.send(encodeBoardEvent(log, event));
}
