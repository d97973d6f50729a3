// After a reset the rest of the log is sent all the same: the client fetches the board, and then applies events that are in it already.
// Fails: the log is sent if it reaches back to the cursor, and not a part of it if it does not
// Lesson: chapters/03-sse/README.md#build-it
// Hint: A reset says: forget the past and fetch the board. At which seq does the present begin?
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
    for (const event of log.eventsAfter(0)) stream.send(encodeBoardEvent(log, event));
    return;
  }
  for (const event of log.eventsAfter(seq)) stream.send(encodeBoardEvent(log, event));
}
