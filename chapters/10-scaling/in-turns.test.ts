import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { inTurns } from "./in-turns.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("each comes once in a round, and never all at the same moment", () => {
  const all = Array.from({ length: 1_000 }, (_, index) => index);
  const counts = new Map<number, number>();
  let atOnce = 0;
  let most = 0;
  const stop = inTurns(
    1_000,
    () => all,
    (each) => {
      counts.set(each, (counts.get(each) ?? 0) + 1);
      atOnce += 1;
      most = Math.max(most, atOnce);
    },
  );
  for (let ms = 0; ms < 3_000; ms += 10) {
    atOnce = 0;
    vi.advanceTimersByTime(10);
  }
  expect([counts.size, ...new Set(counts.values())]).toEqual([1_000, 3]);
  expect(most).toBe(50);
  stop();
  vi.advanceTimersByTime(5_000);
  expect(new Set(counts.values())).toEqual(new Set([3]));
});

test("a single one comes once in a round too, and one that is new in the next one", () => {
  const all = ["a"];
  const seen: string[] = [];
  const stop = inTurns(
    1_000,
    () => all,
    (each) => seen.push(each),
  );
  vi.advanceTimersByTime(500);
  all.push("b");
  vi.advanceTimersByTime(1_000);
  expect(seen).toEqual(["a", "a", "b"]);
  stop();
});
