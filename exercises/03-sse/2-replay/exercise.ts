import { type EventStream, openEventStream } from "../../../chapters/03-sse/event-stream.ts";
import { type BoardLog, encodeBoardEvent, encodeReset } from "./board-log.ts";

/** Answers with a stream: first what the client missed, then what happens. */
export function streamBoard(request: Request, log: BoardLog): Response {
  let unfollow = () => {};
  const stream = openEventStream({ onClose: () => unfollow() });
  // TODO: Look for the cursor in the header, too.
  const after = new URL(request.url).searchParams.get("after");
  if (after !== null) replay(stream, log, after);
  unfollow = log.follow((event) => stream.send(encodeBoardEvent(log, event)));
  return stream.response;
}

/** Sends what came after a cursor: all of it, or one reset. */
function replay(stream: EventStream, log: BoardLog, after: string): void {
  // TODO: Send what came after the cursor, if it can be honoured.
  stream.send(encodeReset(log, `${after} cannot be honoured: fetch the board again`));
}
