// Each answer counts once, however many events it brings: the busy minutes, in which most events come, weigh too little.
// Fails: the delay is a mean over the events, on the clock of the measurement
// Lesson: chapters/01-short-polling/README.md#what-it-costs
// Hint: One answer has two events, another has one. Does each of the three events count the same?
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
    const ofAnswer = events.map(({ seq }) => answeredAtMs - (writtenAtMs.get(seq) ?? answeredAtMs));
    if (ofAnswer.length > 0)
      delaysMs.push(ofAnswer.reduce((sum, delayMs) => sum + delayMs, 0) / ofAnswer.length);
  }
  const totalMs = delaysMs.reduce((sum, delayMs) => sum + delayMs, 0);
  return {
    requests: exchanges.length,
    empty,
    bytes,
    meanDelayMs: delaysMs.length === 0 ? null : totalMs / delaysMs.length,
  };
}
