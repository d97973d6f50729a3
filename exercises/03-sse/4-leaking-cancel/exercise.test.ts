import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createStreams } from "./exercise.ts";

function start(log: Log) {
  const streams = createStreams();
  return {
    streams,

    /** @param who `bob`, or `bob's second tab` */
    open(who: string) {
      log(`${who} opens a stream`);
      const reader = streams.open(who.split("'")[0] ?? "").getReader();
      const got: string[] = [];
      async function read(): Promise<void> {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return;
          log(`${who} ← ${value}`);
          got.push(value);
        }
      }
      // A stream that breaks ends what was got, and no more.
      read().catch(() => {});
      return {
        got,
        async hangUp() {
          log(`${who} hangs up`);
          await reader.cancel();
        },
      };
    },

    /** Tells everybody, and waits until they have read it. */
    async publish(event: string) {
      log(`${event} is published`);
      try {
        streams.publish(event);
      } catch (error) {
        log(`publish has thrown: ${(error as Error).message}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
  };
}

test("every tab gets every event", async ({ log }) => {
  const { open, publish } = start(log);
  const [alice, bob, second] = [open("alice"), open("bob"), open("bob's second tab")];
  await publish("event 10");
  expect([alice.got, bob.got, second.got], "what Alice and Bob's two tabs got").toEqual([
    ["event 10"],
    ["event 10"],
    ["event 10"],
  ]);
});

test("a client that hangs up is forgotten at once", async ({ log }) => {
  const { open, streams } = start(log);
  open("alice");
  const bob = open("bob");
  await bob.hangUp();
  const { size } = streams;
  expect({ size, users: streams.users() }, "the streams that are left").toEqual({
    size: 1,
    users: ["alice"],
  });
});

test("when somebody has hung up, those who came later hear on", async ({ log }) => {
  const { open, publish } = start(log);
  const bob = open("bob");
  const alice = open("alice");
  await bob.hangUp();
  await publish("event 10");
  expect(alice.got, "what Alice got").toEqual(["event 10"]);
});

test("when one tab is closed, the user's other tabs hear on", async ({ log }) => {
  const { open, publish, streams } = start(log);
  const bob = open("bob");
  const second = open("bob's second tab");
  const third = open("bob's third tab");
  await second.hangUp();
  await publish("event 10");
  expect(
    { first: bob.got, third: third.got, size: streams.size },
    "what Bob's other two tabs got, and how many streams are left",
  ).toEqual({ first: ["event 10"], third: ["event 10"], size: 2 });
});

test("when everybody has left, nobody is remembered", async ({ log }) => {
  const { open, publish, streams } = start(log);
  const everybody = [open("alice"), open("bob"), open("bob's second tab")];
  for (const each of everybody) await each.hangUp();
  await publish("event 10");
  expect(streams.size, "how many streams are left").toBe(0);
});
