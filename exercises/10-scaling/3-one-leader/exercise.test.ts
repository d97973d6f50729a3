import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createLeader } from "./exercise.ts";
import { createKeyStore, type KeyStore } from "./key-store.ts";

const KEY = "leader:webhooks";
const LEASE_MS = 5_000;

/** Two nodes and one store, on one clock. */
function twoNodes(log: Log) {
  let nowMs = 1_000_000;
  let answer = async () => {};
  const now = () => nowMs;
  let asked = 0;
  const inner = createKeyStore(now, () => answer());
  const store: KeyStore = {
    ...inner,
    extendIf(...lease) {
      asked += 1;
      return inner.extendIf(...lease);
    },
    setIfAbsent(...lease) {
      asked += 1;
      return inner.setIfAbsent(...lease);
    },
  };
  const names = ["node-1", "node-2"] as const;
  const nodes = names.map((name) => {
    const leader = createLeader({ store, key: KEY, node: name, leaseMs: LEASE_MS, now });
    return {
      leader,
      async turn(): Promise<string> {
        log(`${name}: turn()`);
        try {
          await leader.turn();
          return "fulfilled";
        } catch {
          return "rejected";
        } finally {
          log(`${name}: its turn is over, ${leader.isLeader() ? "it leads" : "it does not lead"}`);
        }
      },
      async release(): Promise<string> {
        log(`${name}: release()`);
        try {
          await leader.release();
          return "fulfilled";
        } catch {
          return "rejected";
        }
      },
    };
  });
  const [one, two] = nodes as [(typeof nodes)[number], (typeof nodes)[number]];
  return {
    one,
    two,
    leading: () => names.filter((_, index) => nodes[index]?.leader.isLeader()),
    /** How often the store was asked for the lease. */
    asked: () => asked,
    /** Whose name is in the store. */
    holder: async () => (await store.get(KEY)) ?? "nobody",
    pass(ms: number) {
      log(`${ms} ms pass`);
      nowMs += ms;
    },
    /** The store carries out what it is asked, and answers when it may. @returns lets it */
    holdAnswers() {
      let goOn = () => {};
      const held = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      log("the answers of the store are slow");
      answer = () => held;
      return () => {
        log("the answers come");
        answer = async () => {};
        goOn();
      };
    },
    fail() {
      log("the store fails");
      answer = () => Promise.reject(new Error("the store is away"));
    },
  };
}

test("of two who ask at the same moment one leads", async ({ log }) => {
  const { one, two, leading } = twoNodes(log);
  const before = leading();
  await Promise.all([one.turn(), two.turn()]);
  expect({ before, after: leading() }, "who leads, before and after the first turns").toEqual({
    before: [],
    after: ["node-1"],
  });
});

test("who takes its turns goes on leading", async ({ log }) => {
  const { one, two, leading, pass } = twoNodes(log);
  const led: string[] = [];
  for (let each = 0; each < 6; each += 1) {
    await one.turn();
    await two.turn();
    pass(2_000);
    led.push(leading().join(" and "));
  }
  expect(led, "who leads, 2 seconds after each turn").toEqual(Array(6).fill("node-1"));
});

test("a leader that is frozen notices by itself, and another follows at the end of its lease", async ({
  log,
}) => {
  const { one, two, leading, pass } = twoNodes(log);
  await one.turn();
  log("node-1 stands still");
  pass(LEASE_MS - 1);
  await two.turn();
  const justBefore = leading();
  pass(1);
  await two.turn();
  const atTheEnd = leading();
  pass(1);
  const found = { justBefore, atTheEnd, later: leading() };
  expect(found, "who leads just before the end of the lease, at it, and after it").toEqual({
    justBefore: ["node-1"],
    atTheEnd: ["node-2"],
    later: ["node-2"],
  });
});

test("a frozen leader that goes on takes nothing from the one that follows it", async ({ log }) => {
  const { one, two, leading, holder, pass } = twoNodes(log);
  await one.turn();
  log("node-1 stands still");
  pass(LEASE_MS);
  await two.turn();
  log("node-1 goes on");
  await one.turn();
  const afterItsTurn = { leading: leading(), holder: await holder() };
  await one.release();
  const afterItsRelease = { leading: leading(), holder: await holder() };
  expect({ afterItsTurn, afterItsRelease }, "who leads, and who is in the store").toEqual({
    afterItsTurn: { leading: ["node-2"], holder: "node-2" },
    afterItsRelease: { leading: ["node-2"], holder: "node-2" },
  });
});

test("a slow answer makes no lease longer", async ({ log }) => {
  const { one, leading, pass, holdAnswers } = twoNodes(log);
  const goOn = holdAnswers();
  const turn = one.turn();
  pass(3_000);
  goOn();
  await turn;
  pass(1_999);
  const justBefore = leading();
  pass(1);
  const found = { justBefore, atTheEnd: leading() };
  expect(found, "who leads, just before the lease ends in the store and when it does").toEqual({
    justBefore: ["node-1"],
    atTheEnd: [],
  });
});

test("a released lease is free at once", async ({ log }) => {
  const { one, two, leading, holder } = twoNodes(log);
  await one.turn();
  await one.release();
  const afterwards = { leading: leading(), holder: await holder() };
  await two.turn();
  expect({ afterwards, next: leading() }, "who leads, and who is in the store").toEqual({
    afterwards: { leading: [], holder: "nobody" },
    next: ["node-2"],
  });
});

test("whoever has released the lease never comes back", async ({ log }) => {
  const { one, two, asked, leading, holder, pass, holdAnswers } = twoNodes(log);
  await one.turn();
  const goOn = holdAnswers();
  const late = one.turn();
  const release = one.release();
  const atOnce = leading();
  goOn();
  await Promise.all([late, release]);
  const afterwards = { leading: leading(), holder: await holder() };
  await two.turn();
  const next = leading();
  pass(LEASE_MS);
  const before = asked();
  await one.turn();
  const later = { leading: leading(), questions: asked() - before, holder: await holder() };
  const found = { atOnce, afterwards, next, later };
  expect(
    found,
    "who leads, who is in the store, and how often a turn after the release asks for the lease",
  ).toEqual({
    atOnce: [],
    afterwards: { leading: [], holder: "nobody" },
    next: ["node-2"],
    later: { leading: [], questions: 0, holder: "nobody" },
  });
});

test("a turn that has begun before the release claims nothing after it", async ({ log }) => {
  const { one, two, leading, holder, pass, holdAnswers } = twoNodes(log);
  await two.turn();
  const goOn = holdAnswers();
  const late = one.turn();
  pass(LEASE_MS);
  const release = one.release();
  goOn();
  await Promise.all([late, release]);
  const found = { leading: leading(), holder: await holder() };
  expect(found, "who leads, and who is in the store").toEqual({ leading: [], holder: "nobody" });
});

test("a claim that is answered after the release is not believed", async ({ log }) => {
  const { one, leading, holder, holdAnswers } = twoNodes(log);
  const late = one.turn();
  const goOn = holdAnswers();
  await new Promise((resolve) => setImmediate(resolve));
  const release = one.release();
  goOn();
  await Promise.all([late, release]);
  const found = { leading: leading(), holder: await holder() };
  expect(found, "who leads, and who is in the store").toEqual({ leading: [], holder: "nobody" });
});

test("a store that fails ends no lease early, and makes none longer", async ({ log }) => {
  const { one, leading, pass, fail } = twoNodes(log);
  await one.turn();
  pass(2_000);
  fail();
  const turn = await one.turn();
  const meanwhile = leading();
  pass(3_000);
  const atTheEnd = leading();
  const release = await one.release();
  const found = { turn, meanwhile, atTheEnd, release };
  expect(found, "what became of turn() and release(), and who leads").toEqual({
    turn: "fulfilled",
    meanwhile: ["node-1"],
    atTheEnd: [],
    release: "fulfilled",
  });
});
