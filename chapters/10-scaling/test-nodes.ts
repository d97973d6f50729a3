// For tests: nodes on one database file and one Redis, in this process.
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openDatabase } from "../../shared/database.ts";
import { seed } from "../../shared/seed.ts";
import { askForSocket, type TestSocket } from "../../shared/testing/sign-in.ts";
import { startServer } from "../../shared/testing/start-server.ts";
import { temporaryFolder } from "../../shared/testing/temporary-folder.ts";
import { until } from "../../shared/testing/until.ts";
import { createSessions } from "../06-auth/sessions.ts";
import { type AppOptions, createApp } from "./app.ts";
import { type RedisServer, startRedis } from "./cluster/redis-server.ts";
import { ALONE, openRedisLink, type RedisLink } from "./redis-link.ts";

/** A Redis that ends with the running test. */
export async function redisOfTest(): Promise<RedisServer> {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  return server;
}

/** A way to it, which is open. */
export async function linkOfTest(server: RedisServer): Promise<RedisLink> {
  const link = openRedisLink(server.url, { answerWithinMs: 300, pingMs: 100, maxRetryMs: 100 });
  onTestFinished(() => link.close());
  await until("the way to Redis", () => link.isUp);
  return link;
}

export interface TestNodesOptions {
  readonly count?: number;
  /** Of each node. */
  readonly options?: Partial<AppOptions>;
  readonly link?: (link: RedisLink) => RedisLink;
}

/** @param server undefined: nodes that know nothing of one another */
export async function startNodes(
  server: RedisServer | undefined,
  { count = 2, options = {}, link = (own) => own }: TestNodesOptions = {},
) {
  const file = join(temporaryFolder(), "board.sqlite");
  const database = seed(openDatabase(file));
  const sessions = createSessions(database);
  const nodes = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const redis = server ? link(await linkOfTest(server)) : ALONE;
      const app = createApp({
        database: openDatabase(file),
        redis,
        nodeName: `node-${index + 1}`,
        presenceSettings: { graceMs: 300, leaseMs: 900, typingMs: 300, lookMs: 200 },
        socketSettings: { heartbeatMs: 300, closeTimeoutMs: 100 },
        ...options,
      });
      const running = await startServer(app, { graceMs: 100 });
      return { app, redis, url: running.url, close: running.close };
    }),
  );
  const cookieOf = (userId: string) => `session=${sessions.create(userId).token}`;
  const cookies = { alice: cookieOf("alice"), bob: cookieOf("bob"), carol: cookieOf("carol") };
  type User = keyof typeof cookies;
  const urlOf = (number: number) => nodes[number - 1]?.url ?? "";

  return {
    database,
    sessions,
    cookies,
    cookieOf,
    /** From 1. */
    node: (number: number) => nodes[number - 1] as (typeof nodes)[number],
    urlOf,
    /** A socket on a node, which follows the board. */
    async join(userId: User, number: number, boardId = "board-1"): Promise<TestSocket> {
      const url = urlOf(number);
      const socket = await askForSocket(url, { cookie: cookies[userId], origin: url });
      socket.say({ type: "join", boardId });
      await until("the join", () => socket.of("joined").length === 1);
      return socket;
    },
    async request(userId: User, number: number, method: string, path: string, body?: object) {
      const response = await fetch(`${urlOf(number)}${path}`, {
        method,
        headers: { cookie: cookies[userId], ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text && JSON.parse(text) };
    },
  };
}

/** The events that a socket was sent, by seq. */
export const seqsOf = (socket: TestSocket) => socket.of("event").map(({ event }) => event.seq);

/** What a socket has been told about others, in short. */
export const signalsOf = (socket: TestSocket) =>
  socket.messages
    .filter(({ type }) => /^user_/.test(type))
    .map(({ type, userId, taskId }) => [type, userId, taskId].filter(Boolean).join(" "));
