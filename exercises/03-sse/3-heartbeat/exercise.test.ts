import { createParser } from "eventsource-parser";
import { expect, onTestFinished, vi } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { openStream } from "./exercise.ts";

/** Streams with a heartbeat of 15 s, and a clock that the test turns. */
function start(log: Log) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const startedAt = Date.now();

  return {
    open(who: string) {
      log(`${who} opens a stream`);
      const stream = openStream({ heartbeatMs: 15_000 });
      const reader = stream.body.getReader();
      /** What the client's reader found in the stream, and when. */
      const got: string[] = [];
      function note(what: string): void {
        got.push(`${(Date.now() - startedAt) / 1_000} s: ${what}`);
        log(`${who} ← ${what}`);
      }
      const parser = createParser({
        onEvent: ({ data }) => note(`event ${data}`),
        onComment: () => note("a comment"),
      });
      const text = new TextDecoder();
      async function read(): Promise<void> {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return note("the end");
          parser.feed(text.decode(value, { stream: true }));
        }
      }
      read().catch(() => note("an error"));
      return {
        got,
        stream,
        send(data: string) {
          log(`event ${data} is sent to ${who}`);
          stream.send(`data: ${data}\n\n`);
        },
        async hangUp() {
          log(`${who} hangs up`);
          await reader.cancel();
        },
      };
    },

    async pass(seconds: number) {
      log(`${seconds} s pass`);
      // What was sent before is read first, and what is sent meanwhile is read in its own second.
      await rest();
      for (let passed = 0; passed < seconds; passed++) {
        vi.advanceTimersByTime(1_000);
        await rest();
      }
    },
  };
}

/** Lets everything happen that needs no time. */
const rest = () => new Promise((resolve) => setImmediate(resolve));

function thrownBy(act: () => void): string {
  try {
    act();
    return "nothing";
  } catch (error) {
    return String(error);
  }
}

test("a silent stream has a comment every 15 s", async ({ log }) => {
  const { open, pass } = start(log);
  const bob = open("bob");
  await pass(45);
  expect(bob.got, "what Bob's reader found").toEqual([
    "15 s: a comment",
    "30 s: a comment",
    "45 s: a comment",
  ]);
});

test("events come between the comments, and change nothing about them", async ({ log }) => {
  const { open, pass } = start(log);
  const bob = open("bob");
  await pass(10);
  bob.send("10");
  await pass(10);
  bob.send("11");
  await pass(25);
  expect(bob.got, "what Bob's reader found").toEqual([
    "10 s: event 10",
    "15 s: a comment",
    "20 s: event 11",
    "30 s: a comment",
    "45 s: a comment",
  ]);
});

test("when the client hangs up, the heartbeat stops", async ({ log }) => {
  const { open } = start(log);
  const bob = open("bob");
  await bob.hangUp();
  expect(vi.getTimerCount(), "how many timers still run").toBe(0);
});

test("when the server closes the stream, the heartbeat stops", async ({ log }) => {
  const { open } = start(log);
  const bob = open("bob");
  log("the server closes Bob's stream");
  bob.stream.close();
  expect(vi.getTimerCount(), "how many timers still run").toBe(0);
});

test("when the server closes the stream, its client gets what was sent, and then the end", async ({
  log,
}) => {
  const { open, pass } = start(log);
  const bob = open("bob");
  bob.send("10");
  log("the server closes Bob's stream");
  bob.stream.close();
  await pass(1);
  expect(bob.got, "what Bob's reader found").toEqual(["0 s: event 10", "0 s: the end"]);
});

test("to a stream that is over nothing is sent", async ({ log }) => {
  const { open } = start(log);
  const bob = open("bob");
  await bob.hangUp();
  const toBob = thrownBy(() => bob.send("10"));
  const alice = open("alice");
  log("the server closes Alice's stream");
  alice.stream.close();
  const toAlice = thrownBy(() => alice.send("10"));
  expect(
    { toBob, toAlice },
    "what is thrown at who sends to Bob, who has hung up, and to Alice, whose stream is closed",
  ).toEqual({ toBob: "nothing", toAlice: "nothing" });
});

test("a stream that is over can still be closed", async ({ log }) => {
  const { open } = start(log);
  const bob = open("bob");
  await bob.hangUp();
  log("the server closes Bob's stream");
  const ofBob = thrownBy(() => bob.stream.close());
  const alice = open("alice");
  log("the server closes Alice's stream, twice");
  alice.stream.close();
  const ofAlice = thrownBy(() => alice.stream.close());
  expect(
    { ofBob, ofAlice },
    "what is thrown at who closes Bob's stream, who has hung up, and Alice's a second time",
  ).toEqual({ ofBob: "nothing", ofAlice: "nothing" });
});

test("each stream has a heartbeat of its own", async ({ log }) => {
  const { open, pass } = start(log);
  const alice = open("alice");
  const bob = open("bob");
  await alice.hangUp();
  await pass(15);
  expect(bob.got, "what Bob's reader found").toEqual(["15 s: a comment"]);
});
