// Only the bodies are weighed: an empty answer seems to cost nothing, though nearly all of polling is heads.
// Fails: the bytes are those of both heads and of the body
// Lesson: chapters/01-short-polling/README.md#try-it
// Hint: In the wire panel, look at a question that was answered 304. Of which parts are its 800 bytes?
import type { LogPage } from "../../../../shared/board.ts";
import type { Exchange, PollingCost, WrittenAtMs } from "../exercise.ts";

export function measurePolling(exchanges: readonly Exchange[], writtenAtMs: WrittenAtMs): PollingCost {
  let empty = 0;
  let bytes = 0;
  const delaysMs: number[] = [];
  for (const { status, body, answeredAtMs } of exchanges) {
    bytes += Buffer.byteLength(body);
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
