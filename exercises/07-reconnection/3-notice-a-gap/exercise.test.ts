import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createFollower, type JoinMessage } from "./exercise.ts";

/** Bob, who has fetched the board at seq 6. */
function start(log: Log) {
  const applied: number[] = [];
  const sent: JoinMessage[] = [];
  const follower = createFollower({
    after: 6,
    apply(event) {
      log(`Bob applies ${event.seq}`);
      applied.push(event.seq);
    },
    send(message) {
      log(`Bob → ${JSON.stringify(message)}`);
      sent.push(message);
    },
  });
  log("Bob has fetched the board at seq 6");
  return {
    applied,
    sent,
    events(...seqs: number[]): void {
      for (const seq of seqs) {
        log(`Bob ← event ${seq}`);
        follower.read({ type: "event", event: { seq, type: "task_updated" } });
      }
    },
    heartbeat(head: number): void {
      log(`Bob ← heartbeat, head ${head}`);
      follower.read({ type: "heartbeat", head });
    },
    joined(): void {
      log("Bob ← joined");
      follower.read({ type: "joined" });
    },
  };
}

test("events are applied in order, and those that Bob has already are dropped", ({ log }) => {
  const { events, applied, sent } = start(log);
  events(5, 6, 7, 8, 8, 7, 9);
  expect(applied, "the seqs that were applied").toEqual([7, 8, 9]);
  expect(sent, "what Bob has asked for").toEqual([]);
});

test("nothing is applied behind a gap until it is filled", ({ log }) => {
  const { events, joined, applied, sent } = start(log);
  events(7, 9);
  expect(sent, "what Bob has asked for").toEqual([{ type: "join", after: 7 }]);
  joined();
  events(8, 9);
  expect(applied, "the seqs that were applied").toEqual([7, 8, 9]);
});

test("one gap is one question, whatever else comes before the answer", ({ log }) => {
  const { events, heartbeat, sent } = start(log);
  events(8, 9, 10);
  heartbeat(10);
  events(11, 7, 9);
  expect(sent, "what Bob has asked for").toEqual([{ type: "join", after: 6 }]);
});

test("a last event that got lost is noticed by the heartbeat", ({ log }) => {
  const { events, heartbeat, joined, applied, sent } = start(log);
  events(7);
  log("event 8 gets lost");
  heartbeat(8);
  heartbeat(8);
  joined();
  events(8);
  expect({ sent, applied }, "what Bob has asked for, and the seqs that were applied").toEqual({
    sent: [{ type: "join", after: 7 }],
    applied: [7, 8],
  });
});

test("a heartbeat without anything new asks for nothing", ({ log }) => {
  const { events, heartbeat, sent } = start(log);
  heartbeat(6);
  events(7);
  heartbeat(7);
  heartbeat(6);
  expect(sent, "what Bob has asked for").toEqual([]);
});

test("what gets lost again is asked for again", ({ log }) => {
  const { events, joined, sent } = start(log);
  events(8);
  joined();
  log("event 7 gets lost again");
  events(8, 9);
  const questions = sent.map(({ after }) => after);
  expect(questions, "the cursors after which Bob has asked").toEqual([6, 6]);
});

test("the next gap is a new question", ({ log }) => {
  const { events, heartbeat, joined, sent } = start(log);
  events(8);
  joined();
  events(7, 8, 10);
  joined();
  events(9, 10);
  heartbeat(12);
  const questions = sent.map(({ after }) => after);
  expect(questions, "the cursors after which Bob has asked").toEqual([6, 8, 10]);
});
