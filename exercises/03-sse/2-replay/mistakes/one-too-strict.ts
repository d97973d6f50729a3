// A client that lacks exactly what the log still has gets a reset: it fetches the whole board, though every event was there.
// Fails: the log is sent if it reaches back to the cursor, and not a part of it if it does not
// Lesson: chapters/03-sse/README.md#build-it
// Hint: Count: the log begins at 5, and the client has 4. Is anything missing?
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
  const canHonour = epoch === log.epoch && seq <= log.headSeq && seq >= log.firstSeq;
  if (!canHonour) {
    stream.send(encodeReset(log, `${after} cannot be honoured: fetch the board again`));
    return;
  }
  for (const event of log.eventsAfter(seq)) stream.send(encodeBoardEvent(log, event));
}
