import { describe, expect, onTestFinished, test, vi } from "vitest";
import { until } from "../../shared/testing/until.ts";
import { needsProgram } from "./cluster/needs-program.ts";
import { ALONE, openRedisLink, RedisAway } from "./redis-link.ts";
import { linkOfTest, redisOfTest } from "./test-nodes.ts";

const redisTest = needsProgram("redis-server");

describe("the way to Redis", () => {
  redisTest("what a frozen Redis is asked fails soon, and after that at once", async () => {
    const server = await redisOfTest();
    const link = await linkOfTest(server);
    server.freeze();
    const startedAt = performance.now();
    await expect(link.ask((client) => client.get("key"))).rejects.toThrow(RedisAway);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(link.isUp).toBe(false);
    const askedAt = performance.now();
    await expect(link.ask((client) => client.get("key"))).rejects.toThrow(RedisAway);
    expect(performance.now() - askedAt).toBeLessThan(50);
  });

  redisTest(
    "a Redis that is frozen is missed without being asked for anything, and found again",
    async () => {
      const server = await redisOfTest();
      const link = await linkOfTest(server);
      server.freeze();
      await until("it to be missed", () => !link.isUp);
      server.thaw();
      await until("it to be back", () => link.isUp);
      expect(await link.ask((client) => client.ping())).toBe("PONG");
    },
  );

  redisTest("a Redis that is frozen when we come is not waited for: we come again", async () => {
    const server = await redisOfTest();
    server.freeze();
    const link = openRedisLink(server.url, { answerWithinMs: 200, maxRetryMs: 100 });
    onTestFinished(() => link.close());
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(link.isUp).toBe(false);
    server.thaw();
    await until("it", () => link.isUp);
  });

  redisTest(
    "after a new connection everybody is told that they may have missed something, and hears again",
    async () => {
      const server = await redisOfTest();
      const link = await linkOfTest(server);
      const hints: (string | undefined)[] = [];
      link.listen("news", (hint) => hints.push(hint));
      await until("the subscription", () => hints.length === 1);
      await server.kill();
      await server.start();
      await until("the new one", () => hints.length === 2);
      expect(hints).toEqual([undefined, undefined]);
      const other = await linkOfTest(server);
      other.tell("news", "1");
      await until("the message", () => hints.length === 3);
      expect(hints.at(-1)).toBe("1");
    },
  );

  redisTest("who stops and begins again at once hears; and who stops does not", async () => {
    const link = await linkOfTest(await redisOfTest());
    const heard: string[] = [];
    const listen = (name: string) => link.listen("news", (hint) => hint && heard.push(`${name} ${hint}`));
    listen("first")();
    const stop = listen("second");
    listen("third");
    stop();
    await link.ask((client) => client.ping());
    link.tell("news", "1");
    await until("the message", () => heard.length > 0);
    expect(heard).toEqual(["third 1"]);
  });

  redisTest("a listener that throws harms no other", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => logged.mockRestore());
    const link = await linkOfTest(await redisOfTest());
    const hints: (string | undefined)[] = [];
    link.listen("news", () => {
      throw new Error("a listener with a mistake");
    });
    link.listen("news", (hint) => hints.push(hint));
    link.tell("news", "1");
    await until("the message", () => hints.includes("1"));
    expect(logged).toHaveBeenCalled();
  });

  redisTest("one that is closed while it opens stays closed", async () => {
    const server = await redisOfTest();
    const link = openRedisLink(server.url);
    link.close();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(link.isUp).toBe(false);
    const other = await linkOfTest(server);
    const clients = await other.ask((client) => client.sendCommand(["CLIENT", "LIST"]));
    expect(String(clients).trim().split("\n")).toHaveLength(1);
  });

  redisTest("what Redis refuses is our mistake, and not an outage", async () => {
    const link = await linkOfTest(await redisOfTest());
    await expect(link.ask((client) => client.sendCommand(["NONSENSE"]))).rejects.toThrow("unknown command");
    expect(link.isUp).toBe(true);
  });

  test("nobody is there for a node by itself", async () => {
    await expect(ALONE.ask((client) => client.ping())).rejects.toThrow(RedisAway);
    expect(() => openRedisLink("localhost:6379")).toThrow("REDIS_URL is no address of a Redis");
  });
});
