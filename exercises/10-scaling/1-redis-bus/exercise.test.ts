import { createClient } from "redis";
import { afterAll, beforeAll, expect, onTestFinished, test as plainTest } from "vitest";
import { findProgram } from "../../../chapters/10-scaling/cluster/program.ts";
import { type RedisServer, startRedis } from "../../../chapters/10-scaling/cluster/redis-server.ts";
import { accepted, demoBoard } from "../../../shared/testing/demo-board.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { createNodeBus, type Subscriber } from "./exercise.ts";

const isInstalled = findProgram("redis-server") !== undefined;
const isNeeded = isInstalled || process.env.REQUIRE_ALL === "1";
let server: RedisServer | undefined;

beforeAll(async () => {
  if (isNeeded) server = await startRedis();
});

afterAll(() => server?.stop());

/** Without Redis a test is skipped, under a name that says so. */
function redisTest(name: string, run: (context: { log: Log }) => Promise<void>): void {
  if (isNeeded) test(name, run);
  else plainTest.skip(`${name} (skipped: no redis-server; install it)`, () => {});
}

async function connection() {
  const client = createClient({ url: server?.url ?? "", RESP: 3 });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}

/** Two nodes on the demo board, whose log ends with event 9, and a third connection for hints by hand. */
async function twoNodes(log: Log, beforeSubscribing: () => Promise<void> = async () => {}) {
  const { boards } = demoBoard();
  const [publisher, ...subscribers] = await Promise.all([connection(), connection(), connection()]);

  /** When it is over, every hint that was sent has been heard by both nodes: a PING behind it was answered. */
  async function arrive(): Promise<void> {
    await publisher.ping();
    for (const subscriber of subscribers) await subscriber.ping();
  }

  function openNode(connected: (typeof subscribers)[number] | undefined) {
    if (!connected) throw new Error("there are two subscribers");
    const subscriber: Subscriber = {
      async subscribe(channel, listener) {
        await beforeSubscribing();
        return connected.subscribe(channel, listener);
      },
      unsubscribe: (channel, listener) => connected.unsubscribe(channel, listener),
    };
    const bus = createNodeBus({ boards, publisher, subscriber });
    return {
      announce(event: ReturnType<typeof commit>) {
        log(`its node announces event ${event.seq}`);
        bus.announce(event);
      },
      async follow(who: string, after: number) {
        log(`${who} follows board-1 after ${after}`);
        const heard: number[] = [];
        const end = await bus.follow("board-1", after, ({ seq }) => {
          log(`${who} hears event ${seq}`);
          heard.push(seq);
        });
        return { heard, end };
      },
    };
  }

  function commit() {
    const event = accepted(boards.createTask("alice", { listId: "list-todo", title: "Buy paint" }));
    log(`event ${event.seq} is committed`);
    return event;
  }

  return {
    nodes: { one: openNode(subscribers[0]), two: openNode(subscribers[1]) },
    commit,
    arrive,
    async hint(...texts: string[]) {
      log(`hints come: ${texts.map((text) => JSON.stringify(text)).join(", ")}`);
      for (const text of texts) await publisher.publish("board:board-1", text);
      await arrive();
    },
  };
}

redisTest("what one node commits is heard on the other", async ({ log }) => {
  const { nodes, commit, arrive } = await twoNodes(log);
  const bob = await nodes.two.follow("bob", 9);
  nodes.one.announce(commit());
  await arrive();
  nodes.one.announce(commit());
  await arrive();
  expect(bob.heard, "the seqs that bob has heard on the other node").toEqual([10, 11]);
});

redisTest("on the node that has committed it, an event is heard at once, and only once", async ({ log }) => {
  const { nodes, commit, arrive } = await twoNodes(log);
  const alice = await nodes.one.follow("alice", 9);
  nodes.one.announce(commit());
  const atOnce = [...alice.heard];
  await arrive();
  log("the node has got its own hint back");
  const found = { atOnce, later: alice.heard };
  expect(found, "the seqs that alice has heard on the same node").toEqual({ atOnce: [10], later: [10] });
});

redisTest("a follower first gets what it has missed, however much that is", async ({ log }) => {
  const { nodes, commit } = await twoNodes(log);
  for (let each = 0; each < 20; each += 1) commit();
  const bob = await nodes.two.follow("bob", 5);
  const all = Array.from({ length: 24 }, (_, index) => index + 6);
  expect(bob.heard, "the seqs that bob has heard, who has come back after event 5").toEqual(all);
});

redisTest("an event whose hint is lost comes with the next one, before it", async ({ log }) => {
  const { nodes, commit, arrive } = await twoNodes(log);
  const alice = await nodes.one.follow("alice", 9);
  const bob = await nodes.two.follow("bob", 9);
  commit();
  log("(its hint is lost)");
  nodes.one.announce(commit());
  await arrive();
  const found = { alice: alice.heard, bob: bob.heard };
  expect(found, "the seqs that alice and bob have heard").toEqual({ alice: [10, 11], bob: [10, 11] });
});

redisTest("hints that come twice, late or in another order change nothing", async ({ log }) => {
  const { nodes, commit, hint } = await twoNodes(log);
  const bob = await nodes.two.follow("bob", 9);
  commit();
  commit();
  await hint("11", "11", "10", "3");
  expect(bob.heard, "the seqs that bob has heard").toEqual([10, 11]);
});

redisTest("a hint that is made up loses no event", async ({ log }) => {
  const { nodes, commit, hint } = await twoNodes(log);
  const bob = await nodes.two.follow("bob", 9);
  await hint("999999", "-5", "", "people");
  commit();
  await hint("people");
  const afterAnyHint = [...bob.heard];
  commit();
  await hint("11");
  const found = { afterAnyHint, atTheEnd: bob.heard };
  expect(found, "the seqs that bob has heard").toEqual({ afterAnyHint: [10], atTheEnd: [10, 11] });
});

redisTest("what is committed before Redis has the subscription is not missed", async ({ log }) => {
  let whatHappens = async () => {};
  const { nodes, commit, arrive } = await twoNodes(log, () => whatHappens());
  whatHappens = async () => {
    // The subscription is on its way, and whoever does not wait for it has gone on by now.
    await arrive();
    nodes.one.announce(commit());
    await arrive();
    log("Redis gets the subscription");
  };
  const bob = await nodes.two.follow("bob", 9);
  expect(bob.heard, "the seqs that bob has heard when he follows").toEqual([10]);
});

redisTest("the end of one follower is not the end of others on its node", async ({ log }) => {
  const { nodes, commit, arrive } = await twoNodes(log);
  const alice = await nodes.two.follow("alice", 9);
  const bob = await nodes.two.follow("bob", 9);
  log("bob follows no more");
  await bob.end();
  nodes.one.announce(commit());
  await arrive();
  const fromTheOtherNode = { alice: [...alice.heard], bob: [...bob.heard] };
  nodes.two.announce(commit());
  const atOnce = [...alice.heard];
  await arrive();
  const atTheEnd = { alice: alice.heard, bob: bob.heard };
  const found = { fromTheOtherNode, atOnce, atTheEnd };
  expect(found, "the seqs that alice and bob have heard").toEqual({
    fromTheOtherNode: { alice: [10], bob: [] },
    atOnce: [10, 11],
    atTheEnd: { alice: [10, 11], bob: [] },
  });
});
