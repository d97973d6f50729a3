import { expect, onTestFinished, vi } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createLimiter } from "./exercise.ts";

const WINDOW_MS = 1_000;
const ALICE = "192.0.2.1";
const BOB = "192.0.2.2";
const CAROL = "192.0.2.3";

/** A limiter that allows five requests a second. */
function start(log: Log) {
  vi.useFakeTimers({ now: 0 });
  onTestFinished(() => void vi.useRealTimers());
  const limiter = createLimiter({ limit: 5, windowMs: WINDOW_MS, now: () => Date.now() });
  return {
    limiter,
    /** @returns the answer to each */
    come(who: string, address: string, times = 1): boolean[] {
      const answers = Array.from({ length: times }, () => limiter.allow(address));
      log(`${Date.now()} ms: ${who} sends ${times} of ${address}: ${answers.join(", ")}`);
      return answers;
    },
    crowd(people: number, from = 0): void {
      log(`${Date.now()} ms: ${people} others send one request each`);
      for (let each = from; each < from + people; each += 1) {
        limiter.allow(`2001:db8::${each.toString(16)}`);
      }
    },
    clock: (ms: number) => void vi.advanceTimersByTime(ms - Date.now()),
  };
}

test("five requests are allowed in a window, and five in the next", ({ log }) => {
  const { come, clock } = start(log);
  const answers = come("alice", ALICE, 7);
  clock(WINDOW_MS);
  answers.push(...come("alice", ALICE, 6));
  const five = [true, true, true, true, true];
  expect(answers, "the answers to Alice").toEqual([...five, false, false, ...five, false]);
});

test("who was there once is forgotten", ({ log }) => {
  const { limiter, come, crowd, clock } = start(log);
  crowd(100);
  clock(WINDOW_MS);
  come("bob", BOB);
  expect(limiter.size, "how many are remembered when Bob has come").toBe(1);
});

test("somebody who comes all the time does not keep the others in memory", ({ log }) => {
  const { limiter, come, crowd, clock } = start(log);
  come("alice", ALICE);
  clock(200);
  crowd(100);
  for (const ms of [1_000, 1_500, 2_000]) {
    clock(ms);
    come("alice", ALICE);
  }
  const sizes = [limiter.size];
  come("bob", BOB);
  sizes.push(limiter.size);
  expect(sizes, "how many are remembered when only Alice still comes, and when Bob has come too").toEqual([
    1, 2,
  ]);
});

test("a crowd gives nobody a new allowance", ({ log }) => {
  const { come, crowd } = start(log);
  come("alice", ALICE, 5);
  crowd(2_500);
  come("bob", BOB, 5);
  crowd(600, 2_500);
  const answers = { alice: come("alice", ALICE), bob: come("bob", BOB) };
  expect(answers, "the answers to one more of each").toEqual({ alice: [false], bob: [false] });
});

test("a window lasts its whole time, whoever else comes", ({ log }) => {
  const { come, clock } = start(log);
  come("carol", CAROL);
  clock(900);
  come("alice", ALICE, 5);
  clock(1_000);
  come("carol", CAROL);
  const answers = come("alice", ALICE);
  clock(1_900);
  answers.push(...come("alice", ALICE));
  expect(answers, "the answers to Alice's sixth request, and to the first after her window").toEqual([
    false,
    true,
  ]);
});

test("a window lasts its whole time, also when there was one before", ({ log }) => {
  const { come, clock } = start(log);
  const answers = come("alice", ALICE);
  clock(900);
  answers.push(...come("alice", ALICE));
  clock(1_000);
  answers.push(...come("alice", ALICE, 5));
  clock(1_950);
  answers.push(...come("alice", ALICE));
  const second = [true, true, true, true, true, false];
  expect(answers, "the answers to two requests in Alice's first window, and to six in her second").toEqual([
    true,
    true,
    ...second,
  ]);
});
