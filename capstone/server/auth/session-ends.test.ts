import { expect, onTestFinished, test } from "vitest";
import type { RedisLink } from "../../../chapters/10-scaling/redis-link.ts";
import { ALONE } from "../../../chapters/10-scaling/redis-link.ts";
import { openDatabase } from "../../../shared/database.ts";
import { until } from "../../../shared/testing/until.ts";
import { seedDemo } from "../store/demo-board.ts";
import { openSqliteStore } from "../store/sqlite-store.ts";
import { type AuthOptions, createAuth } from "./auth.ts";

async function demoStore() {
  const database = openDatabase();
  const store = openSqliteStore({ database });
  await seedDemo(store, database);
  onTestFinished(() => store.close());
  return store;
}

function node(options: AuthOptions) {
  const auth = createAuth(options);
  onTestFinished(() => auth.close());
  return auth;
}

test("what is open ends when its session is ended here", async () => {
  const auth = node({ store: await demoStore() });
  const { session } = await auth.credentials.create("alice");
  const permission = auth.permissions.hold(session, "board-1");
  expect(permission.stillHolds()).toBe(true);
  await auth.end(session.id);
  expect(permission.signal.reason).toEqual({ code: 4401, reason: "You have signed out." });
  expect(auth.permissions.size).toBe(0);
});

test("what is opened under a session that has just been ended does not open", async () => {
  const auth = node({ store: await demoStore() });
  const { session } = await auth.credentials.create("alice");
  await auth.end(session.id);
  expect(auth.permissions.hold(session, "board-1").stillHolds()).toBe(false);
});

test("a sign-out on another node ends what is open here, without a hint", async () => {
  const store = await demoStore();
  const [here, there] = [node({ store, lookMs: 10 }), node({ store })];
  const { session } = await here.credentials.create("alice");
  const { session: other } = await here.credentials.create("alice");
  const permission = here.permissions.hold(session, "board-1");
  const stays = here.permissions.hold(other, "board-1");
  await there.end(session.id);
  await until("the permission has ended", () => permission.signal.aborted);
  expect(permission.signal.reason.code).toBe(4401);
  expect(stays.stillHolds()).toBe(true);
  stays.release();
});

test("a deleted token ends what is open under it on another node", async () => {
  const store = await demoStore();
  const auth = node({ store, lookMs: 10 });
  const token = {
    id: "t1",
    userId: "alice",
    name: "x",
    scope: "read" as const,
    createdAt: 0,
    lastUsedAt: null,
  };
  await store.createToken(token, "hash");
  const session = await auth.credentials.find("token:alice:t1");
  if (!session) throw new Error("there is a token, and no session");
  const permission = auth.permissions.hold(session, "board-1");
  await store.deleteToken("alice", "t1");
  await until("the permission has ended", () => permission.signal.aborted);
});

test("a hint is followed at once, and is not believed", async () => {
  const store = await demoStore();
  const listeners = new Set<(hint: string | undefined) => void>();
  const redis: RedisLink = {
    ...ALONE,
    tell: (_channel, text) => listeners.forEach((listener) => void listener(text)),
    listen(_channel, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const [here, there] = [
    node({ store, redis, lookMs: 3_600_000 }),
    node({ store, redis, lookMs: 3_600_000 }),
  ];
  const { session } = await here.credentials.create("alice");
  const permission = here.permissions.hold(session, "board-1");
  // Somebody who can reach Redis says so, and it is not true.
  redis.tell("sessions:ended", session.id);
  await store.ping();
  await new Promise((resolve) => setImmediate(resolve));
  expect(permission.stillHolds()).toBe(true);
  await there.end(session.id);
  await until("the permission has ended", () => permission.signal.aborted);
});
