import { createServer } from "node:http";
import { describe, expect, onTestFinished } from "vitest";
import { until } from "../../shared/testing/until.ts";
import { needsProgram } from "./cluster/needs-program.ts";
import type { RedisServer } from "./cluster/redis-server.ts";
import { createLeader } from "./leader.ts";
import { linkOfTest, redisOfTest, startNodes } from "./test-nodes.ts";

const redisTest = needsProgram("redis-server");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Three of them, and what is known about how many lead. */
async function threeLeaders(server: RedisServer) {
  const links = await Promise.all([1, 2, 3].map(() => linkOfTest(server)));
  const leaders = links.map((link, index) => createLeader(link, "task", `node-${index}`, () => {}, 400));
  const leading = () => leaders.filter((leader) => leader.isLeader());
  const watch = { links, leaders, leading, most: 0 };
  const watching = setInterval(() => {
    watch.most = Math.max(watch.most, leading().length);
  }, 1);
  onTestFinished(async () => {
    clearInterval(watching);
    await Promise.all(leaders.map((leader) => leader.close()));
  });
  return watch;
}

describe("who does what one alone may do", () => {
  redisTest("one of them, and another one when it is gone", async () => {
    const watch = await threeLeaders(await redisOfTest());
    const { links, leaders, leading } = watch;
    const startedAt = performance.now();
    await until("a leader", () => leading().length === 1);
    // A Redis that has just started may have forgotten who leads.
    expect(performance.now() - startedAt).toBeGreaterThan(300);
    const [first] = leading();

    // Cut off: it knows by itself when its time is over.
    links[leaders.indexOf(first as (typeof leaders)[number])]?.close();
    await until("its end", () => !first?.isLeader(), 2_000);
    await until("another one", () => leading().length === 1, 2_000);
    const [second] = leading();
    expect(second).not.toBe(first);

    // In good order: at once.
    await second?.close();
    expect(second?.isLeader()).toBe(false);
    await until("the last one", () => leading().length === 1, 1_000);
    // What is another node's it does not end.
    await second?.close();
    await pause(500);
    expect([leading().length, watch.most]).toEqual([1, 1]);
  });

  redisTest("one that leaves while it is told that it leads does not lead", async () => {
    const link = await linkOfTest(await redisOfTest());
    let turns = 0;
    const onTurn = () => {
      turns += 1;
    };
    let arrive: (() => void) | undefined;
    const slow = {
      ...link,
      // The answer is there, and the node hears of it later.
      async ask<T>(command: Parameters<typeof link.ask<T>>[0]): Promise<T> {
        const answer = await link.ask(command);
        if (answer === 1)
          await new Promise<void>((resolve) => {
            arrive = resolve;
          });
        return answer;
      },
    };
    const leader = createLeader(slow, "task", "node-1", onTurn, 400);
    await until("Redis to give it the lease", () => arrive, 3_000);
    await leader.close();
    arrive?.();
    await pause(20);
    expect([leader.isLeader(), turns]).toEqual([false, 0]);
  });

  redisTest("Redis is killed and starts again, empty, and there are never two", async () => {
    const server = await redisOfTest();
    const watch = await threeLeaders(server);
    const { leading } = watch;
    for (let round = 0; round < 2; round += 1) {
      await until("a leader", () => leading().length === 1);
      await server.kill();
      await server.start();
      await pause(300);
    }
    await until("a leader", () => leading().length === 1);
    expect(watch.most).toBe(1);
  });

  redisTest(
    "a webhook is delivered once, whichever node commits, and goes on when that node is gone",
    async () => {
      const deliveries: string[] = [];
      const receiver = createServer((request, response) => {
        deliveries.push(String(request.headers["webhook-id"]));
        request.resume().on("end", () => response.end());
      });
      await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void receiver.close());
      const { port } = receiver.address() as { port: number };
      const { request, node, database } = await startNodes(await redisOfTest(), {
        options: { webhookSettings: { allowPrivate: true, minRetryMs: 20 } },
      });
      const { status } = await request("alice", 1, "POST", "/boards/board-1/webhooks", {
        url: `http://127.0.0.1:${port}/`,
        secret: "a secret that is long enough",
      });
      expect(status).toBe(201);
      for (const number of [1, 2, 1]) {
        await request("alice", number, "POST", "/tasks", { listId: "list-todo", title: "a task" });
      }
      const cursor = database.prepare("SELECT cursor FROM webhooks").pluck();
      const third = await until("the deliveries", () => deliveries[2], 15_000);
      // Also in the database: else the next leader delivers the last one again, as it should.
      await until("the cursor", () => cursor.get() === Number(third.split(":")[1]));

      await node(1).close();
      await request("alice", 2, "POST", "/tasks", { listId: "list-todo", title: "a task" });
      await until("one more", () => deliveries.length === 4, 10_000);
      await pause(300);
      expect(new Set(deliveries).size).toBe(4);
      expect(deliveries).toHaveLength(4);
      const seqs = deliveries.map((id) => Number(id.split(":")[1]));
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    },
  );
});
