import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createPresence } from "./exercise.ts";

function start(log: Log) {
  const told: string[] = [];
  const presence = createPresence(({ type, userId }) => {
    log(`told: ${type} ${userId}`);
    told.push(`${type} ${userId}`);
  });
  return {
    join(connectionId: string, userId: string) {
      log(`${connectionId} of ${userId} joins`);
      presence.join(connectionId, userId);
    },
    leave(connectionId: string) {
      log(`${connectionId} leaves`);
      presence.leave(connectionId);
    },
    /** What others have heard, and whom the board shows. */
    seen: () => ({ told, here: [...presence.users()].sort() }),
  };
}

test("others hear when Bob comes and when he goes, each time", ({ log }) => {
  const { join, leave, seen } = start(log);
  join("tab-1", "bob");
  leave("tab-1");
  join("tab-2", "bob");
  expect(seen(), "what was told, and who is here").toEqual({
    told: ["user_joined bob", "user_left bob", "user_joined bob"],
    here: ["bob"],
  });
});

test("three tabs are one person", ({ log }) => {
  const { join, seen } = start(log);
  join("tab-1", "bob");
  join("tab-2", "bob");
  join("tab-3", "alice");
  join("tab-4", "bob");
  expect(seen(), "what was told, and who is here").toEqual({
    told: ["user_joined bob", "user_joined alice"],
    here: ["alice", "bob"],
  });
});

test("whoever closes one tab of three is still here", ({ log }) => {
  const { join, leave, seen } = start(log);
  join("tab-1", "bob");
  join("tab-2", "bob");
  join("tab-3", "bob");
  leave("tab-2");
  expect(seen(), "what was told, and who is here").toEqual({ told: ["user_joined bob"], here: ["bob"] });
});

test("the tab that came first may be closed first", ({ log }) => {
  const { join, leave, seen } = start(log);
  join("tab-1", "bob");
  join("tab-2", "bob");
  leave("tab-1");
  expect(seen(), "what was told, and who is here").toEqual({ told: ["user_joined bob"], here: ["bob"] });
});

test("whoever closes the last tab has gone", ({ log }) => {
  const { join, leave, seen } = start(log);
  join("tab-1", "bob");
  join("tab-2", "bob");
  join("tab-3", "alice");
  leave("tab-1");
  leave("tab-2");
  expect(seen(), "what was told, and who is here").toEqual({
    told: ["user_joined bob", "user_joined alice", "user_left bob"],
    here: ["alice"],
  });
});

test("a tab that leaves twice has left once", ({ log }) => {
  const { join, leave, seen } = start(log);
  join("tab-1", "bob");
  join("tab-2", "bob");
  leave("tab-1");
  leave("tab-1");
  leave("tab-9");
  expect(seen(), "what was told, and who is here").toEqual({ told: ["user_joined bob"], here: ["bob"] });
});

test("a tab that joins twice has joined once", ({ log }) => {
  const { join, leave, seen } = start(log);
  join("tab-1", "bob");
  join("tab-1", "bob");
  leave("tab-1");
  expect(seen(), "what was told, and who is here").toEqual({
    told: ["user_joined bob", "user_left bob"],
    here: [],
  });
});
