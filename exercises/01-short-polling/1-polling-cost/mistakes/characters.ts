// Characters are counted for bytes: on a board that is not written in English, the measurement is too low.
// Fails: a character can be more than a byte
// Lesson: chapters/01-short-polling/README.md#what-it-costs
// Hint: How many bytes does UTF-8 need for an é, and how many for an emoji?
import type { LogPage } from "../../../../shared/board.ts";
import type { Exchange, PollingCost, WrittenAtMs } from "../exercise.ts";

export function measurePolling(exchanges: readonly Exchange[], writtenAtMs: WrittenAtMs): PollingCost {
  let empty = 0;
  let bytes = 0;
  const delaysMs: number[] = [];
  for (const { requestHead, status, answerHead, body, answeredAtMs } of exchanges) {
    bytes += (requestHead + answerHead + body).length;
    const { events }: Pick<LogPage, "events"> = status === 200 ? JSON.parse(body) : { events: [] };
    if (events.length === 0) empty += 1;
    for (const { seq } of events) delaysMs.push(answeredAtMs - (writtenAtMs.get(seq) ?? answeredAtMs));
  }
  const totalMs = delaysMs.reduce((sum, delayMs) => sum + delayMs, 0);
  return {
    requests: exchanges.length,
    empty,
    bytes,
    meanDelayMs: delaysMs.length === 0 ? null : totalMs / delaysMs.length,
  };
}
