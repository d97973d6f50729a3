// The delays are divided by the number of questions: the more often a client asks for nothing, the faster its board seems to be.
// Fails: the delay is a mean over the events, on the clock of the measurement
// Lesson: chapters/01-short-polling/README.md#what-it-costs
// Hint: How many people waited for something when an empty answer came? What does the mean go over?
import type { LogPage } from "../../../../shared/board.ts";
import type { Exchange, PollingCost, WrittenAtMs } from "../exercise.ts";

export function measurePolling(exchanges: readonly Exchange[], writtenAtMs: WrittenAtMs): PollingCost {
  let empty = 0;
  let bytes = 0;
  const delaysMs: number[] = [];
  for (const { requestHead, status, answerHead, body, answeredAtMs } of exchanges) {
    bytes += Buffer.byteLength(requestHead + answerHead + body);
    const { events }: Pick<LogPage, "events"> = status === 200 ? JSON.parse(body) : { events: [] };
    if (events.length === 0) empty += 1;
    for (const { seq } of events) delaysMs.push(answeredAtMs - (writtenAtMs.get(seq) ?? answeredAtMs));
  }
  const totalMs = delaysMs.reduce((sum, delayMs) => sum + delayMs, 0);
  return {
    requests: exchanges.length,
    empty,
    bytes,
    meanDelayMs: delaysMs.length === 0 ? null : totalMs / exchanges.length,
  };
}
