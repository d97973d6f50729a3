import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createBoardRooms, type Hear } from "./exercise.ts";

type Person = "alice" | "bob" | "carol";

/** Rooms, and three people who keep what they hear. Each has one function for all of their boards. */
function start(log: Log) {
  const rooms = createBoardRooms();
  const heard: Record<Person, string[]> = { alice: [], bob: [], carol: [] };
  const hearOf = (person: Person): Hear => {
    return (boardId, message) => {
      log(`${person} ← ${boardId}: ${message}`);
      heard[person].push(`${boardId}: ${message}`);
    };
  };
  const hears: Record<Person, Hear> = { alice: hearOf("alice"), bob: hearOf("bob"), carol: hearOf("carol") };
  return {
    heard,
    join(person: Person, boardId: string): () => void {
      log(`${person} joins ${boardId}`);
      const leave = rooms.join(boardId, hears[person]);
      return () => {
        log(`${person} leaves ${boardId}`);
        leave();
      };
    },
    tell(boardId: string, message: string): void {
      log(`broadcast to ${boardId}: ${message}`);
      rooms.broadcast(boardId, message);
    },
    memberCount: rooms.memberCount,
  };
}

test("everybody on a board hears what is said about it", ({ log }) => {
  const { heard, join, tell } = start(log);
  join("alice", "board-1");
  join("bob", "board-1");
  join("carol", "board-2");
  tell("board-1", "one");
  tell("board-1", "two");
  const both = ["board-1: one", "board-1: two"];
  expect(heard, "what each has heard").toEqual({ alice: both, bob: both, carol: [] });
});

test("when one has left, the others go on hearing, and that one does not", ({ log }) => {
  const { heard, join, tell } = start(log);
  join("alice", "board-1");
  const bobLeaves = join("bob", "board-1");
  join("carol", "board-1");
  bobLeaves();
  tell("board-1", "one");
  expect(heard, "what each has heard after Bob had left").toEqual({
    alice: ["board-1: one"],
    bob: [],
    carol: ["board-1: one"],
  });
});

test("whoever leaves one board goes on hearing of the other", ({ log }) => {
  const { heard, join, tell } = start(log);
  const aliceLeaves = join("alice", "board-1");
  join("alice", "board-2");
  aliceLeaves();
  tell("board-1", "one");
  tell("board-2", "two");
  expect(heard.alice, "what Alice has heard after leaving board-1").toEqual(["board-2: two"]);
});

test("two memberships of one function end one by one", ({ log }) => {
  const { heard, join, tell } = start(log);
  const firstLeaves = join("alice", "board-1");
  const secondLeaves = join("alice", "board-1");
  tell("board-1", "to two");
  firstLeaves();
  tell("board-1", "to one");
  secondLeaves();
  tell("board-1", "to nobody");
  expect(heard.alice, "what Alice has heard").toEqual([
    "board-1: to two",
    "board-1: to two",
    "board-1: to one",
  ]);
});

test("leaving twice takes nobody else away", ({ log }) => {
  const { heard, join, tell } = start(log);
  const aliceLeaves = join("alice", "board-1");
  join("bob", "board-1");
  join("carol", "board-1");
  aliceLeaves();
  aliceLeaves();
  tell("board-1", "one");
  expect(heard, "what each has heard after Alice had left twice").toEqual({
    alice: [],
    bob: ["board-1: one"],
    carol: ["board-1: one"],
  });
});

test("whoever has left is not kept", ({ log }) => {
  const { join, memberCount } = start(log);
  const leaves = [join("alice", "board-1"), join("bob", "board-1"), join("carol", "board-1")];
  const counts = leaves.map((leave) => {
    leave();
    return memberCount("board-1");
  });
  expect(counts, "the handlers of the room after each of three has left").toEqual([2, 1, 0]);
});
