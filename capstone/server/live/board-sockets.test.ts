import { expect, test } from "vitest";
import { openRawSocket, rawFrame } from "../../../shared/testing/raw-socket.ts";
import { askForSocket } from "../../../shared/testing/sign-in.ts";
import { until } from "../../../shared/testing/until.ts";
import { EPOCH } from "./memory-store.ts";
import { startTestLive } from "./test-live.ts";

const BOARD = "board-1";
const KEY = "k".repeat(16);
const seqs = (socket: { of(type: string): { event: { seq: number } }[] }) =>
  socket.of("event").map(({ event }) => event.seq);

async function openSocket(url: string, user = "alice", query = "") {
  return askForSocket(url, {}, `?user=${user}${query}`);
}

async function joinBoard(url: string, user = "alice", after?: string) {
  const socket = await openSocket(url, user);
  socket.say({ type: "join", boardId: BOARD, ...(after !== undefined && { after }) });
  await until("the join", () => socket.of("joined").length === 1);
  return socket;
}

test("a socket hears hello, a heartbeat, who is there, and the events from its cursor on", async () => {
  const { url, rename } = await startTestLive();
  rename(BOARD, "one");
  rename(BOARD, "two");
  const alice = await joinBoard(url, "alice", `${EPOCH}:1`);
  rename(BOARD, "three");
  await until("the events", () => alice.of("event").length === 2);
  expect(alice.messages.slice(0, 2)).toEqual([
    { type: "hello", maxMessageBytes: 65_536, maxMessagesPerSecond: 50 },
    { type: "heartbeat", everyMs: 25_000, heads: {} },
  ]);
  expect(alice.of("joined")).toEqual([{ type: "joined", boardId: BOARD, seq: 1, users: ["alice"] }]);
  expect(alice.of("presence")).toEqual([{ type: "presence", boardId: BOARD, users: ["alice"], typing: [] }]);
  expect(alice.of("event").map(({ id, event }) => [id, event.data.name])).toEqual([
    [`${EPOCH}:2`, "two"],
    [`${EPOCH}:3`, "three"],
  ]);
});

test("without a cursor it begins at the head, and with a history before it", async () => {
  const { url, rename } = await startTestLive();
  for (let each = 0; each < 5; each += 1) rename(BOARD);
  const alice = await joinBoard(url);
  const bob = await openSocket(url, "bob");
  bob.say({ type: "join", boardId: BOARD, history: 2 });
  await until("the history", () => bob.of("event").length === 2);
  rename(BOARD);
  await until("the event", () => alice.of("event").length === 1 && bob.of("event").length === 3);
  expect([seqs(alice), seqs(bob)]).toEqual([[6], [4, 5, 6]]);
});

test.each([
  ["garbage", "garbage"],
  ["the future", `${EPOCH}:99`],
  ["another epoch", "other:1"],
])("a cursor from %s gets one reset, and then what happens", async (_name, after) => {
  const { url, rename } = await startTestLive();
  rename(BOARD);
  const alice = await joinBoard(url, "alice", after);
  await until("the reset", () => alice.of("reset").length === 1);
  rename(BOARD);
  await until("the event", () => alice.of("event").length === 1);
  expect(alice.of("reset")).toEqual([{ type: "reset", boardId: BOARD, reason: expect.any(String), seq: 1 }]);
  expect(seqs(alice)).toEqual([2]);
});

test("a cursor below what the log keeps gets one reset", async () => {
  const { url, rename, keepLast } = await startTestLive();
  for (let each = 0; each < 5; each += 1) rename(BOARD);
  keepLast(BOARD, 2);
  const alice = await joinBoard(url, "alice", `${EPOCH}:1`);
  await until("the reset", () => alice.of("reset").length === 1);
  expect(alice.of("event")).toEqual([]);
});

test("who is not a member hears the same as on a board that does not exist, and nothing after it", async () => {
  const { url, rename, live } = await startTestLive();
  const mallory = await openSocket(url, "mallory");
  mallory.say({ type: "join", boardId: BOARD });
  mallory.say({ type: "join", boardId: "no-board" });
  await until("the errors", () => mallory.of("error").length === 2);
  const [first, second] = mallory.of("error");
  expect(first).toEqual(second);
  expect(first).toMatchObject({ code: "not_found" });
  rename(BOARD);
  mallory.say({ type: "ping" });
  await until("the pong", () => mallory.of("pong").length === 1);
  expect(mallory.of("event")).toEqual([]);
  expect(live.counts().boards).toBe(0);
});

test("who is removed is shown out before anything else is sent", async () => {
  const { url, rename, commit, live } = await startTestLive();
  const bob = await joinBoard(url, "bob");
  const alice = await joinBoard(url);
  rename(BOARD);
  commit(BOARD, { type: "member_removed", data: { userId: "bob" } });
  rename(BOARD);
  await until("the end", () => bob.closed.code);
  expect(bob.closed.code).toBe(4403);
  expect(seqs(bob)).toEqual([]);
  await until("the events", () => alice.of("event").length === 3);
  expect(live.people.users(BOARD)).toEqual(["alice"]);
  bob.socket.terminate();
  const again = await openSocket(url, "bob");
  again.say({ type: "join", boardId: BOARD });
  await until("the refusal", () => again.of("error").length === 1);
});

test("a removal while a join is under way lets nobody in", async () => {
  const { url, memory, commit } = await startTestLive();
  let go = () => {};
  memory.wait = () => new Promise<void>((resolve) => (go = resolve));
  const bob = await openSocket(url, "bob");
  bob.say({ type: "join", boardId: BOARD });
  bob.say({ type: "ping" });
  await until("the pong", () => bob.of("pong").length === 1);
  commit(BOARD, { type: "member_removed", data: { userId: "bob" } });
  memory.wait = async () => {};
  go();
  await until("the end", () => bob.closed.code);
  expect(bob.closed.code).toBe(4403);
  expect(bob.of("joined")).toEqual([]);
});

test("commands reach the store in the order in which they came, and are answered when they are done", async () => {
  const { url, memory } = await startTestLive();
  const waiting: (() => void)[] = [];
  memory.run = () => new Promise((resolve) => waiting.push(() => resolve({ status: 204, seq: 7 })));
  const alice = await openSocket(url);
  const keys = ["a", "b", "c"].map((letter) => letter.repeat(16));
  for (const key of keys) alice.say({ type: "delete_list", key, listId: "list-1" });
  await until("the commands", () => waiting.length === 3);
  for (const answer of [2, 0, 1]) waiting[answer]?.();
  await until("the answers", () => alice.of("answer").length === 3);
  expect(memory.commands.map(({ userId, key }) => [userId, key])).toEqual(keys.map((key) => ["alice", key]));
  expect(alice.of("answer")[0]).toEqual({ type: "answer", key: keys[2], status: 204, seq: 7 });
  expect(alice.of("answer").map(({ key }) => key)).toEqual([keys[2], keys[0], keys[1]]);
});

test("an answer follows the event that it is about", async () => {
  const { url, memory, rename } = await startTestLive();
  memory.run = async () => {
    rename(BOARD);
    return { status: 200, seq: 1 };
  };
  const alice = await joinBoard(url);
  alice.say({ type: "rename_board", key: KEY, boardId: BOARD, board: { name: "new" } });
  await until("the answer", () => alice.of("answer").length === 1);
  expect(alice.messages.slice(-2).map(({ type }) => type)).toEqual(["event", "answer"]);
});

test("a command that fails, one that is none, and one under a token that may only read, are all answered", async () => {
  const { url, memory, errors } = await startTestLive();
  memory.run = () => Promise.reject(new Error("the database is gone"));
  const alice = await openSocket(url);
  alice.say({ type: "delete_list", key: KEY, listId: "list-1" });
  alice.say({ type: "delete_list", key: "b".repeat(16) });
  const reader = await openSocket(url, "bob", "&read");
  reader.say({ type: "delete_list", key: KEY, listId: "list-1" });
  await until("the answers", () => alice.of("answer").length === 2 && reader.of("answer").length === 1);
  const byKey = (key: string) => alice.of("answer").find((answer) => answer.key === key);
  expect(byKey(KEY)).toMatchObject({ status: 500, body: { error: { code: "internal" } } });
  expect(byKey("b".repeat(16))).toMatchObject({ status: 400, body: { error: { code: "bad_input" } } });
  expect(reader.of("answer")[0]).toMatchObject({ status: 403, body: { error: { code: "forbidden" } } });
  expect(memory.commands.length).toBe(1);
  expect(errors.length).toBe(1);
});

test("a stranger has one message, a ticket, and little time", async () => {
  const { url, live } = await startTestLive({ settings: { authWithinMs: 100 } });
  const known = await askForSocket(url, {}, "?auth=message");
  known.say({ type: "auth", ticket: "ticket of alice" });
  await until("the sign-in", () => known.of("signed_in").length === 1);
  known.say({ type: "join", boardId: BOARD });
  await until("the join", () => known.of("joined").length === 1);
  const forger = await askForSocket(url, {}, "?auth=message");
  forger.say({ type: "auth", ticket: "forged" });
  const hasty = await askForSocket(url, {}, "?auth=message");
  hasty.say({ type: "join", boardId: BOARD });
  const silent = await askForSocket(url, {}, "?auth=message");
  await until("the ends", () => forger.closed.code && hasty.closed.code && silent.closed.code);
  expect([forger, hasty, silent].map(({ closed }) => closed.code)).toEqual([4401, 4401, 4401]);
  expect(known.closed.code).toBe(undefined);
  expect(live.counts().sockets).toBe(1);
});

test("the door is before the 101", async () => {
  const { url, live } = await startTestLive({ maxOfUser: 1 });
  expect((await askForSocket(url)).status).toBe(401);
  await openSocket(url);
  expect((await openSocket(url)).status).toBe(429);
  expect(live.counts().sockets).toBe(1);
});

test("ten messages that are none close the socket, too many in a second too, and binary ones at once", async () => {
  const { url } = await startTestLive({ settings: { maxMessagesPerSecond: 20 } });
  const bad = await openSocket(url);
  for (let each = 0; each < 10; each += 1) bad.socket.send("{");
  const busy = await openSocket(url);
  for (let each = 0; each < 45; each += 1) busy.say({ type: "ping" });
  const binary = await openSocket(url);
  binary.socket.send(Buffer.from([1]));
  await until("the ends", () => bad.closed.code && busy.closed.code && binary.closed.code);
  expect(bad.of("error").length).toBe(9);
  expect([bad, busy, binary].map(({ closed }) => closed.code)).toEqual([4400, 4013, 1003]);
});

test("who does not answer a ping is closed, and who does hears heartbeats with the heads", async () => {
  const { url, port, rename } = await startTestLive({ settings: { heartbeatMs: 60 } });
  const alice = await joinBoard(url);
  rename(BOARD);
  const mute = openRawSocket(port, {}, "/ws?user=mute");
  await until("the end", () => mute.closeCode);
  expect(mute.closeCode).toBe(4012);
  await until("a heartbeat", () => alice.of("heartbeat").some(({ heads }) => heads[BOARD] === 1));
  expect(alice.closed.code).toBe(undefined);
});

test("a session that has expired or ended takes its sockets along", async () => {
  const { url, permissions, sessionOf, setNow } = await startTestLive();
  const alice = await joinBoard(url);
  const bob = await joinBoard(url, "bob");
  permissions.endSession(sessionOf("alice").id);
  await until("the end", () => alice.closed.code);
  setNow(() => 2_000);
  await until("the end", () => bob.closed.code);
  expect([alice.closed.code, bob.closed.code]).toEqual([4401, 4005]);
});

test("a board that is deleted is over for whoever follows it", async () => {
  const { url, live, deleteBoard } = await startTestLive();
  const alice = await joinBoard(url);
  deleteBoard(BOARD);
  live.look(BOARD);
  await until("the end", () => alice.closed.code);
  expect(alice.closed.code).toBe(4404);
  expect(live.counts().boards).toBe(0);
});

test("a log that is another one is said to those who follow, and they go on with it", async () => {
  const { url, rename, addBoard, live } = await startTestLive();
  rename(BOARD);
  const alice = await joinBoard(url);
  addBoard(BOARD, "epoch2");
  live.look(BOARD);
  await until("the reset", () => alice.of("reset").length === 1);
  expect(alice.of("reset")[0]).toMatchObject({ seq: 0 });
  rename(BOARD);
  await until("the event", () => alice.of("event").length === 1);
  expect(alice.of("event")[0].id).toBe("epoch2:1");
});

test("what a process has not heard of is read from the log before what comes after it", async () => {
  const { url, rename, commit } = await startTestLive();
  const alice = await joinBoard(url);
  for (let each = 0; each < 300; each += 1) {
    commit(BOARD, { type: "board_renamed", data: { name: "elsewhere" } }, false);
  }
  rename(BOARD, "here");
  await until("the events", () => alice.of("event").length === 301);
  expect(seqs(alice)).toEqual(Array.from({ length: 301 }, (_, index) => index + 1));
});

test("leaving, and joining again from another cursor, leaves neither a gap nor a duplicate", async () => {
  const { url, rename, live } = await startTestLive();
  const alice = await joinBoard(url);
  rename(BOARD);
  await until("the event", () => alice.of("event").length === 1);
  alice.say({ type: "leave", boardId: BOARD });
  await until("the leaving", () => alice.of("left").length === 1);
  expect(live.counts().boards).toBe(0);
  rename(BOARD);
  alice.say({ type: "join", boardId: BOARD, after: `${EPOCH}:1` });
  alice.say({ type: "join", boardId: BOARD, after: `${EPOCH}:1` });
  await until("the joins", () => alice.of("joined").length >= 2);
  rename(BOARD);
  await until("the event", () => seqs(alice).includes(3));
  expect(seqs(alice)).toEqual([1, 2, 3]);
});

test("who closes one of three tabs is still there, and gone with the last one, after a moment", async () => {
  const { url, live } = await startTestLive({ settings: { graceMs: 60, signalEveryMs: 10 } });
  const alice = await joinBoard(url);
  const tabs = [await joinBoard(url, "bob"), await joinBoard(url, "bob"), await joinBoard(url, "bob")];
  tabs[0]?.socket.close();
  await until("its end", () => live.counts().sockets === 3);
  await until("its grace", () => live.people.size === 3);
  expect(live.people.users(BOARD)).toEqual(["alice", "bob"]);
  tabs[1]?.socket.terminate();
  tabs[2]?.say({ type: "typing", boardId: BOARD, taskId: "task-1" });
  await until("the typing", () => alice.of("user_typing").length === 1);
  tabs[2]?.socket.close();
  await until("his end", () => alice.of("user_left").length === 1);
  expect(alice.of("user_joined").length).toBe(1);
  expect(alice.of("user_stopped_typing").length).toBe(1);
});

test("who goes at once again is gone for everybody, also for whoever has come in between", async () => {
  const { url } = await startTestLive({ settings: { signalEveryMs: 1_000 } });
  await joinBoard(url);
  const bob = await joinBoard(url, "bob");
  const carol = await joinBoard(url, "carol");
  await until("who is there", () => carol.of("presence").length === 1);
  expect(carol.of("presence")[0]?.users).toEqual(["alice", "bob", "carol"]);
  bob.say({ type: "leave", boardId: BOARD });
  await until("the leaving", () => bob.of("left").length === 1);
  await until("the word of it", () => carol.of("user_left").length === 1);
  expect(carol.of("user_left")[0]?.userId).toBe("bob");
});

test("a frame that is against the protocol ends that socket alone", async () => {
  const { url, port, rename } = await startTestLive();
  const alice = await joinBoard(url);
  const wrong = openRawSocket(port, {}, "/ws?user=bob");
  await until("the head", () => wrong.head);
  wrong.tcp.write(rawFrame({ payload: "{}", isMasked: false }));
  await until("the end", () => wrong.closeCode);
  rename(BOARD);
  await until("the event", () => alice.of("event").length === 1);
  expect(wrong.closeCode).toBe(1002);
});

test("closing tells all to come back, in less than a second, also those who do not answer", async () => {
  const { url, port, live, listeners, server } = await startTestLive();
  const alice = await joinBoard(url);
  const deaf = openRawSocket(port, {}, "/ws?user=bob");
  await until("the head", () => deaf.head);
  const before = performance.now();
  await live.close();
  await server.close();
  expect(performance.now() - before).toBeLessThan(1_000);
  await until("the ends", () => alice.closed.code && deaf.isOver);
  expect([alice.closed.code, deaf.closeCode, listeners()]).toEqual([1012, 1012, 0]);
  expect(live.counts()).toEqual({ sockets: 0, streams: 0, polls: 0, boards: 0, slow: 0 });
});
