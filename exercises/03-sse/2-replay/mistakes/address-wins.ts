// The address counts more than the header: after each reconnect the browser gets all events since its page was opened, again.
// Fails: the header is newer than the address
// Lesson: chapters/03-sse/README.md#build-it
// Hint: The browser asks for the same address every time. Which of the two moves on?
import { type EventStream, openEventStream } from "../../../../chapters/03-sse/event-stream.ts";
import { type BoardLog, encodeBoardEvent, encodeReset } from "../board-log.ts";

export function streamBoard(request: Request, log: BoardLog): Response {
  let unfollow = () => {};
  const stream = openEventStream({ onClose: () => unfollow() });
  const after = new URL(request.url).searchParams.get("after") ?? request.headers.get("last-event-id");
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
  for (const event of log.eventsAfter(seq)) stream.send(encodeBoardEvent(log, event));
}
