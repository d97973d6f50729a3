import { existsSync, readdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { createClient } from "redis";
import { expect, onTestFinished, test, vi } from "vitest";
import { SettingError } from "../../../shared/settings.ts";
import { temporaryFolder } from "../../../shared/testing/temporary-folder.ts";
import { until } from "../../../shared/testing/until.ts";
import { needsProgram } from "./needs-program.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

const redisTest = needsProgram("redis-server");

async function start(): Promise<RedisServer> {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  return redis;
}

/** Sends one command on a connection of its own. Undefined: no answer within 150 ms. */
async function ask({ port }: RedisServer, command: string): Promise<string | undefined> {
  const socket = connect({ port, host: "127.0.0.1", timeout: 150 });
  return new Promise((resolve, reject) => {
    socket.once("data", (bytes) => resolve(bytes.toString()));
    socket.once("timeout", () => resolve(undefined));
    socket.once("error", reject);
    socket.write(`${command}\r\n`);
  }).finally(() => socket.destroy()) as Promise<string | undefined>;
}

redisTest("redis answers as soon as it is there, on a port of its own, and to the usual client", async () => {
  const [one, two] = await Promise.all([start(), start()]);
  expect(one.port).not.toBe(two.port);
  expect(one.state).toBe("running");
  const client = await createClient({ url: one.url }).connect();
  onTestFinished(() => client.destroy());
  await client.set("a", "1");
  expect(await client.get("a")).toBe("1");
  expect(await ask(two, "GET a")).toBe("$-1\r\n");
  expect(await client.configGet("bind")).toMatchObject({ bind: "127.0.0.1" });
});

redisTest("redis comes back on its port after it was killed, and is empty", async () => {
  const redis = await start();
  await ask(redis, "SET a 1");
  await redis.kill();
  expect(redis.state).toBe("stopped");
  await expect(ask(redis, "PING")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await redis.start();
  await redis.start();
  expect(redis.state).toBe("running");
  expect(await ask(redis, "GET a")).toBe("$-1\r\n");
});

redisTest("a frozen redis takes connections and does not answer, until it is thawed", async () => {
  const redis = await start();
  await ask(redis, "SET a 1");
  redis.freeze();
  expect(redis.state).toBe("frozen");
  expect(await ask(redis, "PING")).toBeUndefined();
  redis.thaw();
  expect(redis.state).toBe("running");
  expect(await ask(redis, "GET a")).toBe("$1\r\n1\r\n");
});

redisTest("a redis that was stopped leaves nothing behind, also when it was frozen", async () => {
  const redis = await startRedis();
  const [, folder = ""] = (await ask(redis, "CONFIG GET dir"))?.match(/\r\n(\/.*)\r\n$/) ?? [];
  expect(existsSync(folder)).toBe(true);
  redis.freeze();
  await redis.stop();
  expect(redis.state).toBe("stopped");
  expect(existsSync(folder)).toBe(false);
  await expect(ask(redis, "PING")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

redisTest("redis waits for its port if somebody holds it for a moment", async () => {
  const redis = await start();
  await redis.kill();
  // It answers as if it were a Redis.
  const other = createServer((socket) => socket.end("+PONG\r\n")).listen(redis.port, "127.0.0.1");
  await until("the other one", () => other.listening);
  const started = redis.start();
  setTimeout(() => other.close(), 150);
  await started;
  expect(other.listening).toBe(false);
  expect(await ask(redis, "PING")).toBe("+PONG\r\n");
});

test("a redis that is not installed is one sentence", async () => {
  vi.stubEnv("PATH", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  const error = await startRedis().catch((reason) => reason);
  expect(error).toBeInstanceOf(SettingError);
  expect(error.message).toBe(
    "redis-server is not installed: install it (Debian: apt install redis-server; macOS: brew install redis), or set REDIS_URL.",
  );
});

test("a program that is no redis is said with what it wrote, and leaves no folder", async () => {
  const folder = temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(startRedis("/bin/echo")).rejects.toThrow(/^redis-server has not started:\n--port/);
  expect(readdirSync(folder)).toEqual([]);
});
