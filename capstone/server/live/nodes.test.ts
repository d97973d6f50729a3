import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { needsProgram } from "../../../chapters/10-scaling/cluster/needs-program.ts";
import { linkOfTest, redisOfTest } from "../../../chapters/10-scaling/test-nodes.ts";
import { openDatabase } from "../../../shared/database.ts";
import { openRawStream } from "../../../shared/testing/raw-stream.ts";
import { askForSocket } from "../../../shared/testing/sign-in.ts";
import { temporaryFolder } from "../../../shared/testing/temporary-folder.ts";
import { until } from "../../../shared/testing/until.ts";
import { seedDemo } from "../store/demo-board.ts";
import { openSqliteStore } from "../store/sqlite-store.ts";
import { startTestLive } from "./test-live.ts";

const redisTest = needsProgram("redis-server");
const BOARD = "board-1";

/** Two nodes on one database file and one Redis. */
async function startNodes(lookMs = 60_000) {
  const redis = await redisOfTest();
  const file = join(temporaryFolder(), "board.sqlite");
  const first = openDatabase(file);
  const stores = [openSqliteStore({ database: first }), openSqliteStore({ database: openDatabase(file) })];
  onTestFinished(() => Promise.all(stores.map((store) => store.close())).then(() => {}));
  if (stores[0]) await seedDemo(stores[0], first);
  const nodes = await Promise.all(
    stores.map(async (store) => {
      const link = await linkOfTest(redis);
      const settings = { lookMs, graceMs: 200, leaseMs: 900 };
      return { ...(await startTestLive({ settings, live: { store, redis: link } })), store, link };
    }),
  );
  const node = (number: number) => nodes[number - 1] as (typeof nodes)[number];
  return {
    redis,
    node,
    async join(number: number, user: string) {
      const socket = await askForSocket(node(number).url, {}, `?user=${user}`);
      socket.say({ type: "join", boardId: BOARD });
      await until("the join", () => socket.of("joined").length === 1);
      return socket;
    },
    rename: (number: number, name: string) =>
      node(number).store.run("alice", undefined, { type: "rename_board", boardId: BOARD, board: { name } }),
  };
}

const seqs = (socket: { of(type: string): { event: { seq: number } }[] }) =>
  socket.of("event").map(({ event }) => event.seq);

redisTest("what any node commits reaches everybody on all of them, in the same order and once", async () => {
  const { node, join, rename } = await startNodes();
  const [alice, bob] = [await join(1, "alice"), await join(2, "bob")];
  const stream = openRawStream(node(2).port, `/boards/${BOARD}/events?user=alice`);
  await until("the stream", () => stream.events.length > 0);
  const from = (await node(1).store.head(BOARD))?.seq ?? 0;
  const poll = fetch(`${node(2).url}/boards/${BOARD}/poll?after=${from}`).then((response) => response.json());
  await until("the question", () => node(2).live.counts().polls === 1);
  await Promise.all(Array.from({ length: 40 }, (_, index) => rename(1 + (index % 2), `name ${index}`)));
  await until("the events", () => seqs(alice).length === 40 && seqs(bob).length === 40);
  const all = Array.from({ length: 40 }, (_, index) => from + 1 + index);
  expect([seqs(alice), seqs(bob)]).toEqual([all, all]);
  expect(alice.of("event")).toEqual(bob.of("event"));
  await until("the stream's", () => stream.events.filter(({ id }) => id).length === 40);
  expect((await poll).events[0].seq).toBe(from + 1);
});

redisTest("without Redis it takes a moment longer", async () => {
  const { redis, node, join, rename } = await startNodes(100);
  const bob = await join(2, "bob");
  await redis.kill();
  await until("its end", () => !node(1).link.isUp);
  await rename(1, "new");
  await until("the event", () => seqs(bob).length === 1);
});

redisTest(
  "who is removed on one node is shown out on the other, and a deleted board is gone on all",
  async () => {
    const { node, join } = await startNodes();
    const [alice, bob] = [await join(2, "alice"), await join(2, "bob")];
    await node(1).store.run("alice", undefined, { type: "remove_member", boardId: BOARD, userId: "bob" });
    await until("the end", () => bob.closed.code);
    expect([bob.closed.code, seqs(bob)]).toEqual([4403, []]);
    await until("the event", () => seqs(alice).length === 1);
    await node(1).store.deleteBoard("alice", BOARD);
    node(1).live.look(BOARD);
    await until("the end", () => alice.closed.code);
    expect(alice.closed.code).toBe(4404);
  },
);

redisTest("who is here is seen on all nodes, and is gone with the last connection", async () => {
  const { node, join } = await startNodes();
  const alice = await join(1, "alice");
  const [first, second] = [await join(2, "bob"), await join(1, "bob")];
  await until("Bob", () => alice.of("user_joined").some(({ userId }) => userId === "bob"));
  first.socket.terminate();
  await until("its end", () => node(2).live.counts().sockets === 0);
  second.say({ type: "typing", boardId: BOARD, taskId: "task-1" });
  await until("the typing", () => alice.of("user_typing").length === 1);
  expect(alice.of("user_left")).toEqual([]);
  second.socket.terminate();
  await until("his end", () => alice.of("user_left").length === 1);
  expect((await node(2).live.people.ask(BOARD)).users).toEqual(["alice"]);
});
