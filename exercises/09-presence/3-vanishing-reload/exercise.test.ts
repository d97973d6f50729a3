import { expect, onTestFinished, vi } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createPresence } from "./exercise.ts";

/** Presence with a grace of 15 s, and a clock that the test turns. */
function start(log: Log) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const startedAt = Date.now();
  const told: string[] = [];
  const presence = createPresence(({ type, userId }) => {
    const line = `${(Date.now() - startedAt) / 1_000} s: ${type} ${userId}`;
    log(`told at ${line}`);
    told.push(line);
  }, 15_000);
  return {
    join(connectionId: string, userId: string) {
      log(`${connectionId} of ${userId} is there`);
      presence.join(connectionId, userId);
    },
    drop(connectionId: string) {
      log(`${connectionId} drops`);
      presence.drop(connectionId);
    },
    pass(seconds: number) {
      log(`${seconds} s pass`);
      vi.advanceTimersByTime(seconds * 1_000);
    },
    /** What others have heard, and whom the board shows. */
    seen: () => ({ told, here: presence.users() }),
  };
}

test("whoever does not come back has gone after the grace", ({ log }) => {
  const { join, drop, pass, seen } = start(log);
  join("tab-1", "bob");
  drop("tab-1");
  pass(60);
  expect(seen(), "what was told, and who is here").toEqual({
    told: ["0 s: user_joined bob", "15 s: user_left bob"],
    here: [],
  });
});

test("a reload is no leave, and nobody hears of it, then or later", ({ log }) => {
  const { join, drop, pass, seen } = start(log);
  join("tab-1", "bob");
  drop("tab-1");
  pass(2);
  join("tab-2", "bob");
  pass(60);
  expect(seen(), "what was told, and who is here").toEqual({ told: ["0 s: user_joined bob"], here: ["bob"] });
});

test("a second drop has the whole grace, and is told once", ({ log }) => {
  const { join, drop, pass, seen } = start(log);
  join("tab-1", "bob");
  drop("tab-1");
  pass(5);
  join("tab-2", "bob");
  pass(5);
  drop("tab-2");
  pass(60);
  expect(seen(), "what was told, and who is here").toEqual({
    told: ["0 s: user_joined bob", "25 s: user_left bob"],
    here: [],
  });
});

test("whoever closes one of two tabs is still here", ({ log }) => {
  const { join, drop, pass, seen } = start(log);
  join("tab-1", "bob");
  join("tab-2", "bob");
  drop("tab-1");
  pass(60);
  const whileOneIsOpen = seen().here;
  drop("tab-2");
  pass(60);
  expect({ whileOneIsOpen, ...seen() }, "who is here with one tab, what was told, and who is here").toEqual({
    whileOneIsOpen: ["bob"],
    told: ["0 s: user_joined bob", "75 s: user_left bob"],
    here: [],
  });
});

test("whoever comes back keeps nobody else here", ({ log }) => {
  const { join, drop, pass, seen } = start(log);
  join("tab-1", "alice");
  join("tab-2", "bob");
  drop("tab-2");
  drop("tab-1");
  pass(2);
  join("tab-3", "bob");
  pass(60);
  expect(seen(), "what was told, and who is here").toEqual({
    told: ["0 s: user_joined alice", "0 s: user_joined bob", "15 s: user_left alice"],
    here: ["bob"],
  });
});
