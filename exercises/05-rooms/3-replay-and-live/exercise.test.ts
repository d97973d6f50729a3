import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { type BoardEvent, followBoard } from "./exercise.ts";

const eventOf = (seq: number): BoardEvent => ({ seq, title: `Task ${seq}` });

/** Lets what is waiting for promises go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Bob follows a board from seq 6 on. The test decides what happens and when. */
function start(log: Log) {
  const listeners = new Set<(event: BoardEvent) => void>();
  const pending: { readonly after: number; answer(events: BoardEvent[]): void }[] = [];
  const reads: number[] = [];
  const sent: number[] = [];
  log("followBoard({ after: 6, … })");
  const leave = followBoard({
    after: 6,
    attach(onEvent) {
      log("attached");
      listeners.add(onEvent);
      return () => {
        log("detached");
        listeners.delete(onEvent);
      };
    },
    readLog(after) {
      log(`the log is asked for what is behind ${after}`);
      reads.push(after);
      return new Promise((resolve) => pending.push({ after, answer: resolve }));
    },
    send(event) {
      log(`bob ← event ${event.seq}`);
      sent.push(event.seq);
    },
  });
  return {
    sent,
    /** The seqs that the log was asked for, in order. */
    reads,
    listeners,
    happens(...seqs: number[]): void {
      for (const seq of seqs) {
        log(`event ${seq} happens, and is told`);
        for (const listener of [...listeners]) listener(eventOf(seq));
      }
    },
    /** The oldest read that is under way ends: the log had everything up to this seq. */
    async logAnswers(upTo: number): Promise<void> {
      await turn();
      // A read may also be begun by a timer.
      if (pending.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      const read = pending.shift();
      if (!read) {
        log("the log could answer now, but is not asked");
        return;
      }
      const seqs = Array.from({ length: upTo }, (_, index) => index + 1).filter((seq) => seq > read.after);
      log(`the log answers: ${seqs.join(", ") || "nothing"}`);
      read.answer(seqs.map(eventOf));
      await turn();
    },
    leave(): void {
      log("bob leaves");
      leave();
    },
  };
}

test("what Bob has missed comes from the log", async ({ log }) => {
  const bob = start(log);
  await bob.logAnswers(8);
  expect(bob.sent, "the seqs that Bob got").toEqual([7, 8]);
});

test("what happens afterwards comes at once", async ({ log }) => {
  const bob = start(log);
  await bob.logAnswers(8);
  bob.happens(9, 10);
  expect(bob.sent, "the seqs that Bob got").toEqual([7, 8, 9, 10]);
});

test("what happens while the log is being read comes too, behind what the log has", async ({ log }) => {
  const bob = start(log);
  bob.happens(9);
  await bob.logAnswers(8);
  expect(bob.sent, "the seqs that Bob got").toEqual([7, 8, 9]);
});

test("what is told while the log is being read, and is in it too, comes once", async ({ log }) => {
  const bob = start(log);
  bob.happens(8, 9);
  await bob.logAnswers(8);
  expect(bob.sent, "the seqs that Bob got").toEqual([7, 8, 9]);
});

test("what is told when the log has long had it comes once", async ({ log }) => {
  const bob = start(log);
  await bob.logAnswers(8);
  bob.happens(8, 9);
  expect(bob.sent, "the seqs that Bob got").toEqual([7, 8, 9]);
});

test("after a leave while the log is being read nothing comes, and nothing stays attached", async ({
  log,
}) => {
  const bob = start(log);
  bob.happens(7);
  bob.leave();
  await bob.logAnswers(8);
  const { sent, listeners } = bob;
  expect(
    { sent, listeners: listeners.size },
    "the seqs that Bob got, and the listeners he left behind",
  ).toEqual({
    sent: [],
    listeners: 0,
  });
});

test("a hole between the log and what was kept back is filled from the log", async ({ log }) => {
  const bob = start(log);
  log("event 9 happens, and is not told");
  bob.happens(10);
  await bob.logAnswers(8);
  const atFirst = [...bob.sent];
  await bob.logAnswers(10);
  const { sent, reads } = bob;
  expect(
    { atFirst, sent, reads },
    "the seqs that Bob got at first and in all, and where the log was read",
  ).toEqual({
    atFirst: [7, 8],
    sent: [7, 8, 9, 10],
    reads: [6, 8],
  });
});

test("a hole that shows when Bob has long been live is filled too, and nothing overtakes it", async ({
  log,
}) => {
  const bob = start(log);
  await bob.logAnswers(7);
  bob.happens(8);
  log("event 9 happens, and is not told");
  bob.happens(10, 11);
  const atFirst = [...bob.sent];
  await bob.logAnswers(10);
  bob.happens(12);
  log("event 13 happens, and is not told");
  bob.happens(14);
  await bob.logAnswers(14);
  const { sent, reads } = bob;
  expect(
    { atFirst, sent, reads },
    "the seqs that Bob got at first and in all, and where the log was read",
  ).toEqual({
    atFirst: [7, 8],
    sent: [7, 8, 9, 10, 11, 12, 13, 14],
    reads: [6, 8, 12],
  });
});
