/** One question and its answer, as they were on the wire. */
export interface Exchange {
  /** The request: its first line and its headers. It has no body. */
  readonly requestHead: string;
  readonly status: number;
  /** The answer's first line and headers. */
  readonly answerHead: string;
  /** Of a 200, `{ events: [{ seq, … }, …], seq, more }` as JSON; of a 304, `""`; of a failure, an error as JSON. */
  readonly body: string;
  /** When the whole answer was there, in milliseconds on the clock of the measurement. */
  readonly answeredAtMs: number;
}

/** When an event was written to the log, in milliseconds on the clock of the measurement. */
export type WrittenAtMs = ReadonlyMap<number, number>;

export interface PollingCost {
  /** How many questions were asked. */
  readonly requests: number;
  /** How many answers brought no event. */
  readonly empty: number;
  /** What all of it took on the wire, in both directions. */
  readonly bytes: number;
  /** From the writing of an event to its arrival, on average over the events; null when none has come. */
  readonly meanDelayMs: number | null;
}

/**
 * What it cost one client to poll.
 * @param exchanges all of them, in order; no event comes twice
 * @param writtenAtMs by seq; it has every event that came
 */
export function measurePolling(exchanges: readonly Exchange[], writtenAtMs: WrittenAtMs): PollingCost {
  // TODO: Count the questions, and the answers that brought no event.
  // TODO: Add up the bytes of both directions.
  // TODO: Take the mean of the delays, over the events that have come.
  return { requests: 0, empty: 0, bytes: 0, meanDelayMs: 0 };
}
