import { expect, onTestFinished, vi } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createBackoff } from "./exercise.ts";

const STABLE_MS = 10_000;

/** A client that always draws the same number, and a clock that the test turns. */
function start(log: Log, drawn: number) {
  log(`random() returns ${drawn}`);
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const settings = { baseMs: 1_000, maxMs: 30_000, stableMs: STABLE_MS };
  const backoff = createBackoff({ ...settings, random: () => drawn, now: () => Date.now() });
  return {
    waits: (count: number): number[] => {
      const waits = Array.from({ length: count }, () => backoff.next());
      log(`${count === 1 ? "the next wait" : `${count} waits`}: ${waits.slice(-10).join(", ")} ms`);
      return waits;
    },
    fails(): void {
      log("an attempt fails, half a minute later");
      vi.advanceTimersByTime(30_000);
      backoff.closed();
    },
    opens(): void {
      log("a connection opens");
      backoff.opened();
    },
    endsAfter(ms: number): void {
      log(`it ends after ${ms} ms`);
      vi.advanceTimersByTime(ms);
      backoff.closed();
    },
  };
}

test("the limit doubles from one second to thirty, and a wait is the random part of it", ({ log }) => {
  const { waits } = start(log, 0.5);
  const expected = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000];
  expect(waits(7), "seven waits, each half of its limit").toEqual(expected);
});

test("a wait can be anything between nothing and the limit", ({ log }) => {
  const first = [0, 0.25, 0.75].map((drawn) => start(log, drawn).waits(1)[0]);
  expect(first, "the first wait of three clients").toEqual([0, 250, 750]);
});

test("clients that wait long do not wait equally long", ({ log }) => {
  const tenth = [0, 0.25, 0.75].map((drawn) => start(log, drawn).waits(10)[9]);
  expect(tenth, "the tenth wait of three clients").toEqual([0, 7_500, 22_500]);
});

test("the limit stays where it is, also after a thousand attempts", ({ log }) => {
  const late = [0, 0.5].map((drawn) => new Set(start(log, drawn).waits(1_200).slice(10)));
  expect(late, "the waits that came up after the tenth").toEqual([new Set([0]), new Set([15_000])]);
});

test("attempts that fail before there was any connection are counted", ({ log }) => {
  const { waits, fails } = start(log, 0.5);
  waits(1);
  fails();
  waits(1);
  fails();
  expect(waits(1), "the third wait").toEqual([2_000]);
});

test("a connection that opens and ends early changes nothing, then or later", ({ log }) => {
  const { waits, opens, endsAfter, fails } = start(log, 0.5);
  waits(2);
  opens();
  endsAfter(STABLE_MS - 1);
  const third = waits(1);
  fails();
  expect([...third, ...waits(1)], "the third and the fourth wait").toEqual([2_000, 4_000]);
});

test("after a stable connection the limit begins anew", ({ log }) => {
  const { waits, opens, endsAfter } = start(log, 0.5);
  waits(5);
  opens();
  endsAfter(6 * STABLE_MS);
  expect(waits(2), "the next two waits").toEqual([500, 1_000]);
});

test("a connection of exactly stableMs was a good one", ({ log }) => {
  const { waits, opens, endsAfter } = start(log, 0.5);
  waits(5);
  opens();
  endsAfter(STABLE_MS);
  expect(waits(2), "the next two waits").toEqual([500, 1_000]);
});

test("attempts that fail after a stable connection are counted", ({ log }) => {
  const { waits, opens, endsAfter, fails } = start(log, 0.5);
  opens();
  endsAfter(STABLE_MS);
  waits(1);
  fails();
  waits(1);
  fails();
  expect(waits(1), "the third wait").toEqual([2_000]);
});
