import { type EventStream, openEventStream } from "../../../chapters/03-sse/event-stream.ts";
import { type BoardLog, encodeBoardEvent, encodeReset } from "./board-log.ts";

/** Answers with a stream: first what the client missed, then what happens. */
export function streamBoard(request: Request, log: BoardLog): Response {
  let unfollow = () => {};
  const stream = openEventStream({ onClose: () => unfollow() });
  // The header is newer: a browser that comes back sends the address of the first time again.
  const after = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after");
  if (after !== null) replay(stream, log, after);
  unfollow = log.follow((event) => stream.send(encodeBoardEvent(log, event)));
  return stream.response;
}

/** Sends what came after a cursor: all of it, or one reset. */
function replay(stream: EventStream, log: BoardLog, after: string): void {
  // Digits and nothing else: `Number` and `parseInt` find a number in many things that are none.
  const [, epoch, digits] = /^(\w+):(\d+)$/.exec(after) ?? [];
  const seq = Number(digits);
  // The event right after the cursor has to be there, so the log may begin one above it.
  const canHonour = epoch === log.epoch && seq <= log.headSeq && seq + 1 >= log.firstSeq;
  if (!canHonour) {
    stream.send(encodeReset(log, `${after} cannot be honoured: fetch the board again`));
    return;
  }
  for (const event of log.eventsAfter(seq)) stream.send(encodeBoardEvent(log, event));
}
