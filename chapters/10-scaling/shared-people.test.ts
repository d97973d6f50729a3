import { describe, expect } from "vitest";
import { until } from "../../shared/testing/until.ts";
import { needsProgram } from "./cluster/needs-program.ts";
import { createRedisLeases } from "./redis-leases.ts";
import { linkOfTest, redisOfTest, signalsOf, startNodes } from "./test-nodes.ts";

const redisTest = needsProgram("redis-server");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const PRESENCE = "/boards/board-1/presence";

describe("who is here, on all nodes", () => {
  redisTest("whoever comes and goes on one node is seen on the other", async () => {
    const { join, request } = await startNodes(await redisOfTest());
    const alice = await join("alice", 1);
    const bob = await join("bob", 2);
    await until("Bob", () => signalsOf(alice).includes("user_joined bob"));
    // Bob may have been told of Alice with the snapshot, or a moment later.
    await until("Alice", async () => (await request("bob", 2, "GET", PRESENCE)).body.users.length === 2);
    bob.socket.terminate();
    await until("his end", () => signalsOf(alice).includes("user_left bob"));
    expect(signalsOf(alice)).toEqual(["user_joined bob", "user_left bob"]);
    expect((await request("alice", 2, "GET", PRESENCE)).body.users).toEqual(["alice"]);
  });

  redisTest("somebody on two nodes is one person, and gone with the last connection", async () => {
    const { join } = await startNodes(await redisOfTest(), { count: 3 });
    const alice = await join("alice", 1);
    const first = await join("bob", 2);
    const second = await join("bob", 3);
    await until("Bob", () => signalsOf(alice).length === 1);
    first.say({ type: "leave", boardId: "board-1" });
    await pause(700); // more than the grace
    expect(signalsOf(alice)).toEqual(["user_joined bob"]);
    second.say({ type: "leave", boardId: "board-1" });
    await until("his end", () => signalsOf(alice).length === 2);
  });

  redisTest(
    "a node that ends in good order gives its people the time to come back by another one",
    async () => {
      const { join, node } = await startNodes(await redisOfTest(), {
        options: { presenceSettings: { graceMs: 1_500, leaseMs: 30_000, lookMs: 100 } },
      });
      const alice = await join("alice", 1);
      await join("bob", 2);
      await until("Bob", () => signalsOf(alice).length === 1);
      await node(2).close();
      await pause(500);
      expect(signalsOf(alice)).toEqual(["user_joined bob"]);
      await until("his end", () => signalsOf(alice).length === 2, 5_000);
    },
  );

  redisTest("the people of a node that has crashed are gone within the lease", async () => {
    const { join, node } = await startNodes(await redisOfTest());
    const alice = await join("alice", 1);
    await join("bob", 2);
    await until("Bob", () => signalsOf(alice).length === 1);
    // It says nothing any more, and nobody has said goodbye for it.
    node(2).redis.close();
    const at = performance.now();
    await until("his end", () => signalsOf(alice).length === 2, 5_000);
    expect(performance.now() - at).toBeLessThan(900 + 200 + 500); // the lease, the look, and a busy machine
  });

  redisTest("a Redis that starts anew and empty takes nobody away", async () => {
    const server = await redisOfTest();
    const { join, node } = await startNodes(server, {
      options: { presenceSettings: { graceMs: 1_000, leaseMs: 30_000, lookMs: 50 } },
    });
    const alice = await join("alice", 1);
    await join("bob", 2);
    await until("Bob", () => signalsOf(alice).length === 1);
    await server.kill();
    await server.start();
    await until("both nodes to be back", () => node(1).redis.isUp && node(2).redis.isUp);
    await pause(1_500); // more than the grace
    expect(signalsOf(alice)).toEqual(["user_joined bob"]);
    // And it has been told of both.
    const redis = await linkOfTest(server);
    const { leases } = await createRedisLeases(redis, "test").read("board-1");
    expect(leases.map(({ subject }) => subject).sort()).toEqual(['["here","alice"]', '["here","bob"]']);
  });

  redisTest(
    "without Redis a node knows its own people, and of others what it was told, until that has ended",
    async () => {
      const server = await redisOfTest();
      const { join, node } = await startNodes(server);
      const alice = await join("alice", 1);
      await join("bob", 2);
      await until("Bob", () => signalsOf(alice).length === 1);
      await server.kill();
      await until("Redis to be missed", () => !node(1).redis.isUp);
      const second = await join("bob", 1);
      expect(second.of("presence").at(-1).users).toEqual(["alice", "bob"]);
      second.say({ type: "leave", boardId: "board-1" });
      await until("the end of what it was told", () => signalsOf(alice).length === 2, 3_000);
      await server.start();
      await until("Bob again", () => signalsOf(alice).length === 3, 5_000);
      expect(signalsOf(alice)).toEqual(["user_joined bob", "user_left bob", "user_joined bob"]);
    },
  );

  redisTest("a client without a socket is here by whichever node it asks, on all of them", async () => {
    const { join, request } = await startNodes(await redisOfTest(), { count: 3 });
    const alice = await join("alice", 1);
    const url = `${PRESENCE}/lease-of-bob`;
    expect((await request("bob", 2, "PUT", url)).body.users).toEqual(["alice", "bob"]);
    await until("Bob", () => signalsOf(alice).length === 1);
    // By a node on which nobody follows the board: it has to ask.
    expect((await request("alice", 3, "GET", PRESENCE)).body.users).toEqual(["alice", "bob"]);
    // To the same node, as nginx sends it: at once. To another one: when the lease ends.
    await request("bob", 2, "DELETE", url);
    await until("his end", () => signalsOf(alice).length === 2, 500);
    await request("bob", 2, "PUT", url);
    await request("bob", 3, "DELETE", url);
    await until("his end", () => signalsOf(alice).length === 4, 3_000);
  });

  redisTest("who says goodbye and comes again is there", async () => {
    const { join } = await startNodes(await redisOfTest(), {
      options: { socketSettings: { heartbeatMs: 60_000 }, presenceSettings: { lookMs: 60_000 } },
    });
    const alice = await join("alice", 1);
    const bob = await join("bob", 2);
    await until("Bob", () => signalsOf(alice).length === 1);
    for (let round = 0; round < 20; round += 1) {
      bob.say({ type: "leave", boardId: "board-1" });
      bob.say({ type: "join", boardId: "board-1" });
    }
    await until("all answers", () => bob.of("joined").length === 21);
    await pause(500);
    expect(signalsOf(alice).at(-1)).toBe("user_joined bob");
  });

  redisTest("who is quiet stays: a node says again what it says", async () => {
    const { join } = await startNodes(await redisOfTest());
    const alice = await join("alice", 1);
    await join("bob", 2);
    await until("Bob", () => signalsOf(alice).length === 1);
    await pause(2_500); // two leases and more
    expect(signalsOf(alice)).toEqual(["user_joined bob"]);
  });

  redisTest("a Redis that has forgotten everything takes nobody away", async () => {
    const server = await redisOfTest();
    const { join } = await startNodes(server, {
      options: { presenceSettings: { graceMs: 2_000, leaseMs: 4_000, lookMs: 50 } },
    });
    const alice = await join("alice", 1);
    await join("bob", 2);
    await until("Bob", () => signalsOf(alice).length === 1);
    const redis = await linkOfTest(server);
    await redis.ask((client) => client.flushAll());
    await pause(2_500);
    expect(signalsOf(alice)).toEqual(["user_joined bob"]);
  });

  redisTest("typing is seen on the other node, and ends there too", async () => {
    const server = await redisOfTest();
    const { join } = await startNodes(server);
    const alice = await join("alice", 1);
    const bob = await join("bob", 2);
    bob.say({ type: "typing", boardId: "board-1", taskId: "task-1" });
    await until("the typing", () => signalsOf(alice).includes("user_typing bob task-1"));
    // If the node crashes now, he does not type for as long as he is there.
    const redis = await linkOfTest(server);
    const { leases } = await createRedisLeases(redis, "test").read("board-1");
    expect(leases.find(({ subject }) => subject.includes("typing"))?.forMs).toBeLessThanOrEqual(450);
    await until("its end", () => signalsOf(alice).includes("user_stopped_typing bob task-1"));
  });

  redisTest("who is shown out is gone at once, on all nodes", async () => {
    const { join, request } = await startNodes(await redisOfTest(), {
      options: { presenceSettings: { graceMs: 30_000, leaseMs: 60_000 } },
    });
    const alice = await join("alice", 1);
    // Nobody follows the board on his node.
    await request("bob", 2, "PUT", `${PRESENCE}/lease-of-bob`);
    await until("Bob", () => signalsOf(alice).length === 1);
    await request("alice", 1, "DELETE", "/boards/board-1/members/bob");
    await until("his end", () => signalsOf(alice).includes("user_left bob"), 3_000);
  });
});

describe("leases", () => {
  redisTest("what a node does not understand it does not show, and goes on", async () => {
    const server = await redisOfTest();
    const { join } = await startNodes(server);
    const redis = await linkOfTest(server);
    await createRedisLeases(redis, "a-newer-node").hold("board-1", 5_000, [
      "dancing bob",
      '["dancing","bob"]',
    ]);
    const alice = await join("alice", 1);
    await join("bob", 2);
    await until("Bob", () => signalsOf(alice).length === 1);
    expect(signalsOf(alice)).toEqual(["user_joined bob"]);
  });

  redisTest("many nodes at the same time: the first and the last are told, and nobody else", async () => {
    const server = await redisOfTest();
    const redis = await linkOfTest(server);
    const hints: (string | undefined)[] = [];
    redis.listen("board:board-1", (hint) => hints.push(hint));
    await until("the subscription", () => hints.length === 1);
    const links = await Promise.all(Array.from({ length: 5 }, () => linkOfTest(server)));
    const nodes = links.map((link, index) => createRedisLeases(link, `node-${index}`));
    await Promise.all(nodes.map((node) => node.hold("board-1", 5_000, ["bob"])));
    await Promise.all(nodes.map((node) => node.hold("board-1", 5_000, ["bob"]))); // still
    expect(hints).toEqual([undefined, "people"]);
    await Promise.all(nodes.map((node) => node.drop("board-1", ["bob"])));
    await Promise.all(nodes.map((node) => node.drop("board-1", ["bob"]))); // nothing is there any more
    await until("the hint", () => hints.length > 2);
    expect(hints).toEqual([undefined, "people", "people"]);
  });

  redisTest("a lease ends by itself, and whoever looks finds that out for all", async () => {
    const redis = await linkOfTest(await redisOfTest());
    const hints: (string | undefined)[] = [];
    redis.listen("board:board-1", (hint) => hints.push(hint));
    const crashed = createRedisLeases(redis, "crashed");
    const other = createRedisLeases(redis, "other");
    await crashed.hold("board-1", 150, ["bob"]);
    await other.hold("board-1", 5_000, ["alice", "with a space"]);
    await pause(200);
    const before = hints.length;
    const { leases } = await other.read("board-1");
    expect(leases.map(({ node, subject }) => `${node}: ${subject}`)).toEqual([
      "other: alice",
      "other: with a space",
    ]);
    expect(leases.every(({ forMs }) => forMs > 4_000 && forMs <= 5_000)).toBe(true);
    await until("the hint", () => hints.length === before + 1);
  });

  redisTest("a board that nobody is on, and nobody looks at, leaves nothing behind", async () => {
    const redis = await linkOfTest(await redisOfTest());
    await createRedisLeases(redis, "crashed").hold("board-1", 50, ["bob"]);
    await until("the keys to go", async () => (await redis.ask((client) => client.dbSize())) === 0, 5_000);
  });
});
