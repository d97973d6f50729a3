// Where no event has come, the mean delay is 0: a board that hears nothing looks like the fastest one.
// Fails: where no event has come, there is no delay
// Lesson: chapters/01-short-polling/README.md#what-it-costs
// Hint: Zero milliseconds is a delay, and a very good one. Has anything arrived that fast?
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
    meanDelayMs: totalMs / Math.max(1, delaysMs.length),
  };
}
