import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { type Exchange, measurePolling } from "./exercise.ts";

/** The server's clock is three seconds ahead of the one that measures. */
const SERVER_AHEAD_MS = 3_000;

/** The heads, in bytes. */
const REQUEST_HEAD = "GET /boards/board-1/updates?after=9 HTTP/1.1\r\nhost: localhost\r\n\r\n";
const ANSWER_HEAD = 'HTTP/1.1 200 OK\r\netag: "e1:9"\r\n\r\n';
const HEADS = `heads of ${REQUEST_HEAD.length} and ${ANSWER_HEAD.length} bytes`;

function answered(log: Log, answeredAtMs: number, status: number, body: string): Exchange {
  log(`at ${answeredAtMs} ms a question is answered: ${status}  ${body}`);
  return { requestHead: REQUEST_HEAD, status, answerHead: ANSWER_HEAD, body, answeredAtMs };
}

/** The body of a 200, with events that were written at these times. */
function pageOf(writtenAtMs: Map<number, number>, ...seqs: number[]): string {
  const events = seqs.map((seq) => ({
    seq,
    type: "task_deleted",
    at: new Date((writtenAtMs.get(seq) ?? 0) + SERVER_AHEAD_MS).toISOString(),
  }));
  return JSON.stringify({ events, seq: seqs.at(-1) ?? 9, more: false });
}

const NOTHING = '{"events":[],"seq":9,"more":false}';

const FAILURE = '{"error":{"code":"busy","message":"Try again."}}';

test("every question is counted, from the first one on", ({ log }) => {
  const exchanges = [
    answered(log, 10, 200, NOTHING),
    answered(log, 2_010, 304, ""),
    answered(log, 4_010, 304, ""),
    answered(log, 6_010, 304, ""),
    answered(log, 8_010, 503, FAILURE),
    answered(log, 10_010, 503, FAILURE),
  ];
  expect(measurePolling(exchanges, new Map()).requests, "the number of requests").toBe(6);
});

test("an answer without an event is empty, whatever its status", ({ log }) => {
  const writtenAtMs = new Map([
    [10, 7_000],
    [11, 7_000],
  ]);
  const emptyOf = (what: string, status: number, ...bodies: string[]) => {
    log(`a recording of ${what}`);
    const exchanges = bodies.map((body, index) => answered(log, 8_010 + 2_000 * index, status, body));
    return measurePolling(exchanges, writtenAtMs).empty;
  };
  const counted = {
    "two empty lists": emptyOf("two empty lists", 200, NOTHING, NOTHING),
    "two 304s": emptyOf("two 304s", 304, "", ""),
    "two failures": emptyOf("two failures", 503, FAILURE, FAILURE),
    "two answers with events": emptyOf(
      "two answers with events",
      200,
      pageOf(writtenAtMs, 10),
      pageOf(writtenAtMs, 11),
    ),
  };
  expect(counted, "the numbers of empty answers, in four recordings").toEqual({
    "two empty lists": 2,
    "two 304s": 2,
    "two failures": 2,
    "two answers with events": 0,
  });
});

test("the bytes are those of both heads and of the body", ({ log }) => {
  log(HEADS);
  const exchanges = [answered(log, 10, 200, NOTHING), answered(log, 2_010, 304, "")];
  const heads = REQUEST_HEAD.length + ANSWER_HEAD.length;
  expect(measurePolling(exchanges, new Map()).bytes, "the bytes on the wire").toBe(
    heads + NOTHING.length + heads,
  );
});

test("a character can be more than a byte", ({ log }) => {
  log(HEADS);
  const body = '{"error":{"code":"busy","message":"Réessayez 🙂"}}';
  log("é takes 2 bytes, and 🙂 takes 4: the body has 53");
  const heads = REQUEST_HEAD.length + ANSWER_HEAD.length;
  const exchanges = [answered(log, 10, 503, body)];
  expect(measurePolling(exchanges, new Map()).bytes, "the bytes on the wire").toBe(heads + 53);
});

test("the delay is a mean over the events, on the clock of the measurement", ({ log }) => {
  const writtenAtMs = new Map([
    [10, 100],
    [11, 1_900],
    [12, 4_910],
  ]);
  for (const [seq, atMs] of writtenAtMs) log(`event ${seq} is written at ${atMs} ms`);
  const exchanges = [
    answered(log, 2_000, 200, pageOf(writtenAtMs, 10, 11)),
    answered(log, 4_000, 304, ""),
    answered(log, 6_000, 200, pageOf(writtenAtMs, 12)),
    answered(log, 8_000, 304, ""),
  ];
  log("the three events took 1,900 ms, 100 ms and 1,090 ms");
  expect(measurePolling(exchanges, writtenAtMs).meanDelayMs, "the mean delay in milliseconds").toBe(1_030);
});

test("where no event has come, there is no delay", ({ log }) => {
  expect(
    measurePolling([answered(log, 10, 304, "")], new Map()).meanDelayMs,
    "the mean delay in milliseconds",
  ).toBe(null);
});
