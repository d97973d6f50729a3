// A client without any cursor gets a reset: whoever only wants to listen is told that something is wrong.
// Fails: without a header the address says where to begin, and if it does not, it is the present
// Lesson: chapters/03-sse/README.md#build-it
// Hint: No cursor is not a bad cursor. What does such a client want?
import { type EventStream, openEventStream } from "../../../../chapters/03-sse/event-stream.ts";
import { type BoardLog, encodeBoardEvent, encodeReset } from "../board-log.ts";

export function streamBoard(request: Request, log: BoardLog): Response {
  let unfollow = () => {};
  const stream = openEventStream({ onClose: () => unfollow() });
  const after = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after") ?? "";
  replay(stream, log, after);
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
