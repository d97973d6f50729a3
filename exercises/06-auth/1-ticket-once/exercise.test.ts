import { expect, onTestFinished, vi } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createTickets } from "./exercise.ts";
import { createTicketStore } from "./ticket-store.ts";

const LIFETIME_MS = 10_000;

/** Servers that share a store and a clock. */
function start(log: Log) {
  const store = createTicketStore();
  let atMs = 0;
  let drawn = 0;
  let askedBits = 0;
  /** Bytes that differ in the last one only: whoever cuts it off gets the same ticket each time. */
  function random(bytes: number): Buffer {
    askedBits += bytes * 8;
    drawn += 1;
    return Buffer.concat([Buffer.alloc(bytes - 1, 0xfb), Buffer.from([drawn])]);
  }
  function server(name: string) {
    const tickets = createTickets({ store, lifetimeMs: LIFETIME_MS, now: () => atMs, random });
    return {
      async issue(userId: string): Promise<string> {
        log(`${name} issues a ticket for ${userId}`);
        return tickets.issue(userId);
      },
      async redeem(ticket: string): Promise<string | undefined> {
        const userId = await tickets.redeem(ticket);
        log(`somebody redeems the ticket at ${name}: ${userId}`);
        return userId;
      },
    };
  }
  return {
    store,
    server,
    askedBits: () => askedBits,
    clock(ms: number): void {
      log(`the clock says ${ms} ms`);
      atMs = ms;
    },
  };
}

test("a ticket works once", async ({ log }) => {
  const { redeem, issue } = start(log).server("the server");
  const ticket = await issue("bob");
  const answers = [await redeem(ticket), await redeem(ticket)];
  expect(answers, "what the two got, one after the other").toEqual(["bob", undefined]);
});

test("of two who come at once with the same ticket, one gets it", async ({ log }) => {
  const { redeem, issue } = start(log).server("the server");
  const ticket = await issue("bob");
  const answers = await Promise.all([redeem(ticket), redeem(ticket)]);
  expect(answers.filter(Boolean), "what the two got together").toEqual(["bob"]);
});

test("of two who come at once to two servers, one gets it", async ({ log }) => {
  const { server } = start(log);
  const [one, two] = [server("server one"), server("server two")];
  const ticket = await one.issue("bob");
  const answers = await Promise.all([one.redeem(ticket), two.redeem(ticket)]);
  expect(answers.filter(Boolean), "what the two got together").toEqual(["bob"]);
});

test("a ticket is made of 128 random bits or more, and all of them are in it", async ({ log }) => {
  const { server, askedBits } = start(log);
  const { issue } = server("the server");
  const mathRandom = vi.spyOn(Math, "random");
  onTestFinished(() => mathRandom.mockRestore());
  const first = await issue("bob");
  const instead = mathRandom.mock.calls.length > 0 ? ", and Math.random was called" : "";
  const bits = askedBits() < 128 ? `${askedBits()}${instead}` : "128 or more";
  expect(bits, "the bits that were asked of random for a ticket").toBe("128 or more");
  const second = await issue("bob");
  expect(first === second, "two tickets whose last random bits differ are the same").toBe(false);
});

test("a ticket fits into an address as it is", async ({ log }) => {
  const { issue } = start(log).server("the server");
  const ticket = await issue("bob");
  const others = new Set(ticket.replaceAll(/[\w-]/g, ""));
  expect([...others].sort(), "the characters of the ticket beside letters, digits, - and _").toEqual([]);
});

test("what is in the store opens nothing", async ({ log }) => {
  const { store, server } = start(log);
  const { redeem, issue } = server("the server");
  const ticket = await issue("bob");
  log("somebody copies the store, and tries what is there as a ticket");
  const [copied = ""] = store.keys();
  const answer = await redeem(copied);
  expect(
    { isTheTicket: copied === ticket, answer },
    "whether the ticket is in the store, and what somebody got for what is there",
  ).toEqual({ isTheTicket: false, answer: undefined });
});

test("a ticket is good until its lifetime is over", async ({ log }) => {
  const { clock, store, server } = start(log);
  const { redeem, issue } = server("the server");
  const [early, late, later] = [await issue("alice"), await issue("bob"), await issue("carol")];
  clock(LIFETIME_MS - 1);
  const answers = [await redeem(early)];
  clock(LIFETIME_MS);
  answers.push(await redeem(late));
  clock(2 * LIFETIME_MS);
  answers.push(await redeem(later));
  expect(answers, "what was got a millisecond before the end, at the end, and long after it").toEqual([
    "alice",
    undefined,
    undefined,
  ]);
  expect(store.userIds(), "whose tickets are in the store, now that all were redeemed").toEqual([]);
});

test("tickets that nobody redeems are swept out", async ({ log }) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const { clock, store, server } = start(log);
  const { issue, redeem } = server("the server");
  await issue("alice");
  clock(LIFETIME_MS / 2);
  const ticket = await issue("bob");
  clock(LIFETIME_MS);
  await issue("carol");
  const issued = store.userIds();
  await redeem(ticket);
  const redeemed = store.userIds();
  clock(LIFETIME_MS + 1);
  await issue("dave");
  const later = store.userIds();
  clock(3 * LIFETIME_MS);
  await issue("erin");
  const last = store.userIds();
  expect(
    { issued, redeemed, later, last, timers: vi.getTimerCount() },
    "whose tickets are in the store when Carol's is issued, Bob's redeemed, Dave's issued, and Erin's issued long after; and the timers that run",
  ).toEqual({
    issued: ["bob", "carol"],
    redeemed: ["carol"],
    later: ["carol", "dave"],
    last: ["erin"],
    timers: 0,
  });
});
