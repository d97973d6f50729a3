import { describe, expect, onTestFinished } from "vitest";
import { demoBoard } from "../../shared/testing/demo-board.ts";
import { until } from "../../shared/testing/until.ts";
import { createPermissions } from "../06-auth/permissions.ts";
import { createSessions } from "../06-auth/sessions.ts";
import { needsProgram } from "./cluster/needs-program.ts";
import type { RedisServer } from "./cluster/redis-server.ts";
import { createSharedPermissions } from "./shared-permissions.ts";
import { linkOfTest, redisOfTest } from "./test-nodes.ts";

const redisTest = needsProgram("redis-server");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function nodeOfTest(server: RedisServer, database = demoBoard().database) {
  const redis = await linkOfTest(server);
  const sessions = createSessions(database);
  const bus = { watch: () => () => {}, watchPerson: () => () => {} };
  const own = createPermissions(sessions, 100);
  const shared = createSharedPermissions(own, sessions, redis, bus, {
    maxOfUser: 2,
    leaseMs: 400,
    lookMs: 3_600_000,
  });
  onTestFinished(() => shared.close());
  const { session } = sessions.create("bob");
  const places = () => redis.ask((client) => client.zCard("places:bob"));
  return { redis, sessions, shared, session, places };
}

describe("places", () => {
  redisTest("that are in use are kept, and told to a Redis that has forgotten them", async () => {
    const server = await redisOfTest();
    const { shared, session, places, redis } = await nodeOfTest(server);
    for (let index = 0; index < 2; index += 1) {
      expect(await shared.mayHold("bob")).toBe(true);
      shared.hold(session);
    }
    await pause(1_000); // two leases and more
    expect([await places(), await shared.mayHold("bob")]).toEqual([2, false]);
    await server.kill();
    await server.start();
    await until("Redis", () => redis.isUp);
    await until("the places", async () => (await places()) === 2);
  });

  redisTest("of a node that has crashed are free again", async () => {
    const server = await redisOfTest();
    const crashed = await nodeOfTest(server);
    const other = await nodeOfTest(server);
    for (const { shared, session } of [crashed, other]) {
      await shared.mayHold("bob");
      shared.hold(session);
    }
    expect(await other.shared.mayHold("bob")).toBe(false);
    crashed.redis.close();
    await until("a place", () => other.shared.mayHold("bob"), 3_000);
  });

  redisTest("each permission gives back its own", async () => {
    const { shared, session, places } = await nodeOfTest(await redisOfTest());
    expect([await shared.mayHold("bob"), await shared.mayHold("bob"), await shared.mayHold("bob")]).toEqual([
      true,
      true,
      false,
    ]);
    const [first, second] = [shared.hold(session), shared.hold(session)];
    first.release();
    await until("one place", async () => (await places()) === 1);
    second.release();
    second.release();
    await until("no place", async () => (await places()) === 0);
  });
});

describe("a session that another node has ended", () => {
  redisTest("ends here at the next new connection, if the message was lost", async () => {
    const server = await redisOfTest();
    const { database } = demoBoard();
    const { shared, session, sessions, redis } = await nodeOfTest(server, database);
    await shared.mayHold("bob");
    const permission = shared.hold(session);
    sessions.end(session.id); // as another process does it, and nobody tells
    expect(permission.signal.aborted).toBe(false);
    await server.kill();
    await server.start();
    await until("Redis", () => redis.isUp);
    await until("the end", () => permission.signal.aborted);
  });

  redisTest("who signs out here is signed out at once", async () => {
    const { shared, session, sessions } = await nodeOfTest(await redisOfTest());
    const permission = shared.hold(session);
    sessions.end(session.id);
    shared.endSession(session.id);
    expect(permission.signal.aborted).toBe(true);
  });
});
