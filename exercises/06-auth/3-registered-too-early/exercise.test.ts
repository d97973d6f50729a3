import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { expect } from "vitest";
import { openSocket } from "../../../shared/testing/exercise-clients.ts";
import { type Log, test, waitFor } from "../../../shared/testing/exercise-test.ts";
import { openRawSocket } from "../../../shared/testing/raw-socket.ts";
import { startServer } from "../../../shared/testing/start-server.ts";
import { createBoardSockets } from "./exercise.ts";

const REFUSED = { code: 4401, reason: "not signed in" };
const IN_TIME_MS = 300;

/** A server on which every lookup of a ticket waits for the test. */
async function start(log: Log) {
  const lookups = new Map<string, (userId: string | undefined) => void>();
  const redeem = (ticket: string) =>
    new Promise<string | undefined>((resolve) => {
      log(`the ticket "${ticket}" is being looked up`);
      lookups.set(ticket, resolve);
    });
  const sockets = createBoardSockets(redeem);
  let connections = 0;
  const app = {
    fetch: sockets.fetch,
    close: sockets.close,
    upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
      sockets.upgrade(request, connection, head);
      connections += 1;
      connection.on("close", () => {
        connections -= 1;
      });
    },
  };
  const { url, port } = await startServer(app);

  /** Says whose ticket it was, and lets everything happen that follows from it. */
  async function answer(ticket: string, userId: string | undefined): Promise<void> {
    const isLookedUp = () => lookups.has(ticket);
    await waitFor(`the ticket "${ticket}" to be looked up`, isLookedUp, undefined, IN_TIME_MS);
    log(`the ticket "${ticket}" ${userId === undefined ? "is not good" : `is ${userId}'s`}`);
    lookups.get(ticket)?.(userId);
    await new Promise((resolve) => setImmediate(resolve));
  }

  return {
    sockets,
    port,
    answer,
    address: (ticket: string) => `${url}/ws?ticket=${ticket}`,
    publish(seq: number): void {
      log(`event ${seq} happens on the board`);
      sockets.publish({ seq });
    },
    async allGone(): Promise<void> {
      await waitFor("the server to see that nobody is connected", () => connections === 0);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test("a member hears the board, and is out of the room after hanging up", async ({ log }) => {
  const { sockets, address, answer, publish, allGone } = await start(log);
  const alice = await openSocket(log, "alice", address("good"));
  await answer("good", "alice");
  publish(7);
  await alice.gets("event", IN_TIME_MS);
  alice.close();
  await allGone();
  expect(sockets.size, "how many are in the room after Alice has gone").toBe(0);
});

test("a stranger with a forged ticket hears nothing, and is closed with 4401", async ({ log }) => {
  const { address, answer, publish } = await start(log);
  const stranger = await openSocket(log, "the stranger", address("forged"));
  publish(7);
  await answer("forged", undefined);
  publish(8);
  await waitFor("the stranger to be closed", () => stranger.closed.code, undefined, IN_TIME_MS);
  expect(stranger.messages, "what the stranger got").toEqual([]);
  expect(stranger.closed, "how the stranger's socket was closed").toEqual(REFUSED);
});

test("a stranger without a ticket hears nothing either", async ({ log }) => {
  const { address, answer, publish } = await start(log);
  const stranger = await openSocket(log, "the stranger", address(""));
  publish(7);
  await answer("", undefined);
  await waitFor("the stranger to be closed", () => stranger.closed.code, undefined, IN_TIME_MS);
  expect(stranger.messages, "what the stranger got").toEqual([]);
});

test("a stranger who does not answer the close is not in the room", async ({ log }) => {
  const { sockets, port, answer } = await start(log);
  log("a stranger connects, who will not answer a close");
  const stranger = openRawSocket(port, {}, "/ws?ticket=forged");
  await answer("forged", undefined);
  const isClosed = () => stranger.closeCode !== undefined;
  await waitFor("the stranger to be sent a close", isClosed, undefined, IN_TIME_MS);
  expect(sockets.size, "how many are in the room").toBe(0);
});

test("nobody is in the room while the ticket is looked up", async ({ log }) => {
  const { sockets, address, answer } = await start(log);
  await openSocket(log, "alice", address("good"));
  const before = sockets.size;
  log(`in the room: ${before}`);
  await answer("good", "alice");
  expect(
    { before, after: sockets.size },
    "how many are in the room while Alice's ticket is looked up, and after it was found",
  ).toEqual({ before: 0, after: 1 });
});

test("who has hung up before the ticket was found is not in the room", async ({ log }) => {
  const { sockets, address, answer, allGone } = await start(log);
  const bob = await openSocket(log, "bob", address("good"));
  bob.close();
  await allGone();
  await answer("good", "bob");
  expect(sockets.size, "how many are in the room").toBe(0);
});
