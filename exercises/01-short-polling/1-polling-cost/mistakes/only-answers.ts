// Only the answers are weighed: half of the cost of an empty question, the question itself, is missing.
// Fails: the bytes are those of both heads and of the body
// Lesson: chapters/01-short-polling/README.md#try-it
// Hint: There are two directions. Which of them have you weighed?
import type { LogPage } from "../../../../shared/board.ts";
import type { Exchange, PollingCost, WrittenAtMs } from "../exercise.ts";

export function measurePolling(exchanges: readonly Exchange[], writtenAtMs: WrittenAtMs): PollingCost {
  let empty = 0;
  let bytes = 0;
  const delaysMs: number[] = [];
  for (const { status, answerHead, body, answeredAtMs } of exchanges) {
    bytes += Buffer.byteLength(answerHead + body);
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
