import { describe, expect, test } from "vitest";
import { openRawStream } from "../../shared/testing/raw-stream.ts";
import { askForSocket } from "../../shared/testing/sign-in.ts";
import { until } from "../../shared/testing/until.ts";
import { createRandom } from "../../shared/wire/random.ts";
import { needsProgram } from "./cluster/needs-program.ts";
import type { RedisLink } from "./redis-link.ts";
import { disturbedLink } from "./soak/disturbed-link.ts";
import { linkOfTest, redisOfTest, seqsOf, startNodes } from "./test-nodes.ts";

const redisTest = needsProgram("redis-server");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const newTask = (title = "a task") => ({ listId: "list-todo", title });

/** @returns from one seq to another */
const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe("an event that another node has committed", () => {
  test("without a bus is not heard of", async () => {
    const { join, request } = await startNodes(undefined);
    const bob = await join("bob", 2);
    expect((await request("alice", 1, "POST", "/tasks", newTask())).status).toBe(201);
    await pause(1_300); // longer than a look at the log, if there were one
    expect(seqsOf(bob)).toEqual([]);
  });

  redisTest("is heard of at once, in order, and once", async () => {
    const { join, request } = await startNodes(await redisOfTest(), { options: { lookMs: 60_000 } });
    const bob = await join("bob", 2);
    const head = bob.of("joined")[0].seq;
    // Now here, now there: half of them Bob's own node has committed.
    for (let index = 0; index < 20; index += 1) {
      await request("alice", 1 + (index % 2), "POST", "/tasks", newTask());
    }
    await until("the events", () => seqsOf(bob).length === 20);
    expect(seqsOf(bob)).toEqual(range(head + 1, head + 20));
  });

  redisTest("is heard of by every transport", async () => {
    const { urlOf, request, cookies } = await startNodes(await redisOfTest(), {
      options: { lookMs: 60_000 },
    });
    const { body } = await request("bob", 2, "GET", "/boards/board-1");
    const question = request("bob", 2, "GET", `/boards/board-1/poll?after=${body.seq}`);
    const stream = openRawStream(Number(new URL(urlOf(2)).port), "/boards/board-1/events", {
      cookie: cookies.bob,
    });
    await until("the stream", () => stream.head !== undefined);
    await request("alice", 1, "POST", "/tasks", newTask("for everybody"));
    expect((await question).body.events).toHaveLength(1);
    await until("the event", () => stream.events.some(({ data }) => data.includes("for everybody")));
  });

  redisTest(
    "hints that come twice, late, in another order, or not at all, and lies among them, change nothing",
    async () => {
      const server = await redisOfTest();
      const random = createRandom(1);
      const link = (own: RedisLink) => disturbedLink(own, random);
      const { join, request } = await startNodes(server, { count: 3, link, options: { lookMs: 100 } });
      const bob = await join("bob", 2);
      const carol = await join("alice", 3);
      const head = bob.of("joined")[0].seq;
      for (let index = 0; index < 60; index += 1) {
        await request("alice", 1 + (index % 3), "POST", "/tasks", newTask());
      }
      await until("the events", () => seqsOf(bob).length >= 60 && seqsOf(carol).length >= 60);
      await pause(300); // the last hints are on their way
      expect(seqsOf(bob)).toEqual(range(head + 1, head + 60));
      expect(seqsOf(carol)).toEqual(range(head + 1, head + 60));
    },
  );

  redisTest("is found in the log when the hint was lost", async () => {
    const deaf = await redisOfTest();
    const { join, request } = await startNodes(deaf, {
      link: (link) => ({ ...link, listen: () => () => {} }),
      options: { lookMs: 150 },
    });
    const bob = await join("bob", 2);
    await request("alice", 1, "POST", "/tasks", newTask());
    await until("the event", () => seqsOf(bob).length === 1, 2_000);
  });

  redisTest("is heard of while Redis is dead, and while it is frozen", async () => {
    const server = await redisOfTest();
    const { join, request, node } = await startNodes(server, { options: { lookMs: 200 } });
    const bob = await join("bob", 2);
    for (const [breakIt, mend] of [
      [server.kill, server.start],
      [server.freeze, server.thaw],
    ] as const) {
      const before = seqsOf(bob).length;
      await breakIt();
      expect((await request("alice", 1, "POST", "/tasks", newTask())).status).toBe(201);
      await until("the event", () => seqsOf(bob).length === before + 1, 2_000);
      await mend();
      await until("both nodes to be back", () => node(1).redis.isUp && node(2).redis.isUp);
    }
    const seqs = seqsOf(bob);
    expect(seqs).toEqual(range(seqs[0], seqs[0] + 1));
  });
});

describe("what a node hears", () => {
  redisTest("only boards that somebody follows here are listened to", async () => {
    const server = await redisOfTest();
    const { join } = await startNodes(server);
    const redis = await linkOfTest(server);
    const channels = async () => {
      const all = await redis.ask((client) => client.pubSubChannels("board:*"));
      return all.sort();
    };
    expect(await channels()).toEqual([]);
    const bob = await join("bob", 2);
    const carol = await join("carol", 1, "board-2");
    await until("the subscriptions", async () => (await channels()).length === 2);
    expect(await channels()).toEqual(["board:board-1", "board:board-2"]);
    carol.socket.close();
    bob.say({ type: "leave", boardId: "board-1" });
    await until("the end of the subscriptions", async () => (await channels()).length === 0, 3_000);
  });

  redisTest(
    "a node that was away longer than the log reaches back resets its clients, and shows out who was removed",
    async () => {
      const server = await redisOfTest();
      const { join, request, node } = await startNodes(server, {
        options: { lookMs: 60_000, keepEvents: 3 },
      });
      const alice = await join("alice", 2);
      const bob = await join("bob", 2);
      // It stands still: no hint comes, and nobody looks.
      node(2).redis.close();
      await request("alice", 1, "DELETE", "/boards/board-1/members/bob");
      for (let index = 0; index < 6; index += 1) await request("alice", 1, "POST", "/tasks", newTask());
      expect([seqsOf(alice), seqsOf(bob)]).toEqual([[], []]);
      // And then something happens on it.
      await request("alice", 2, "POST", "/tasks", newTask());
      await until("the reset", () => alice.of("reset").length === 1);
      await until("the end", () => bob.closed.code !== undefined);
      expect([bob.closed.code, bob.of("event"), bob.of("reset")]).toEqual([4403, [], []]);
    },
  );
});

describe("what concerns one person", () => {
  redisTest("reaches them on every node, also where nobody follows the board, and once on each", async () => {
    const server = await redisOfTest();
    const { urlOf, cookies, request, join } = await startNodes(server, { count: 3 });
    const open = (number: number) =>
      askForSocket(urlOf(number), { cookie: cookies.bob, origin: urlOf(number) });
    const sockets = [await open(1), await open(2), await join("bob", 3)];
    const redis = await linkOfTest(server);
    const listening = () => redis.ask((client) => client.pubSubNumSub("person:bob"));
    await until("the subscriptions", async () => (await listening())["person:bob"] === 3);
    await request("alice", 1, "POST", "/tasks", { ...newTask(), assigneeId: "bob" });
    await until("the news", () => sockets.every((socket) => socket.of("assigned").length > 0));
    await pause(200);
    expect(sockets.map((socket) => socket.of("assigned").length)).toEqual([1, 1, 1]);
  });
});

describe("what one node does for all", () => {
  redisTest("events are counted once, and summed over the nodes", async () => {
    const { join, request } = await startNodes(await redisOfTest());
    await join("bob", 1);
    await join("bob", 2);
    await request("alice", 1, "POST", "/tasks", newTask());
    await request("alice", 2, "POST", "/tasks", newTask());
    await until("the counts", async () => {
      const { body } = await request("alice", 1, "GET", "/admin/event-counts");
      return body.boards["board-1"]?.task_created === 2;
    });
    const { body } = await request("alice", 2, "GET", "/admin/event-counts");
    expect(body.boards).toEqual({ "board-1": { task_created: 2 } });
  });

  redisTest("what a node says of itself", async () => {
    const server = await redisOfTest();
    const { join, urlOf, node } = await startNodes(server);
    await join("bob", 2);
    const ask = async (path: string) => (await fetch(`${urlOf(2)}${path}`)).json();
    expect(await ask("/health")).toEqual({ node: "node-2", redis: "up", sockets: 1, streams: 0 });
    expect(await ask("/ready")).toEqual({ ready: true });
    await server.kill();
    await until("Redis to be missed", () => !node(2).redis.isUp);
    expect((await ask("/health")).redis).toBe("away");
    expect(await ask("/ready")).toEqual({ ready: true });
    await node(2).app.close();
    expect(await node(2).app.fetch(new Request("http://node/ready"))).toMatchObject({ status: 503 });
  });
});
