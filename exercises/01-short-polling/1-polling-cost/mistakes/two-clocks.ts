// The delay goes from the server's clock to the client's: it contains the difference of the two, and can be below zero.
// Fails: the delay is a mean over the events, on the clock of the measurement
// Lesson: chapters/01-short-polling/README.md#what-breaks
// Hint: An event says when it was made. By whose clock? And by whose clock did it arrive?
import type { LogPage } from "../../../../shared/board.ts";
import type { Exchange, PollingCost, WrittenAtMs } from "../exercise.ts";

export function measurePolling(exchanges: readonly Exchange[], _writtenAtMs: WrittenAtMs): PollingCost {
  let empty = 0;
  let bytes = 0;
  const delaysMs: number[] = [];
  for (const { requestHead, status, answerHead, body, answeredAtMs } of exchanges) {
    bytes += Buffer.byteLength(requestHead + answerHead + body);
    const { events }: Pick<LogPage, "events"> = status === 200 ? JSON.parse(body) : { events: [] };
    if (events.length === 0) empty += 1;
    for (const { at } of events) delaysMs.push(answeredAtMs - Date.parse(at));
  }
  const totalMs = delaysMs.reduce((sum, delayMs) => sum + delayMs, 0);
  return {
    requests: exchanges.length,
    empty,
    bytes,
    meanDelayMs: delaysMs.length === 0 ? null : totalMs / delaysMs.length,
  };
}
