import { once } from "node:events";
import { ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { memoryAfterCollection } from "../../../shared/testing/leaks.ts";
import { openRawSocket, rawFrame } from "../../../shared/testing/raw-socket.ts";
import { openRawStream } from "../../../shared/testing/raw-stream.ts";
import { askForSocket } from "../../../shared/testing/sign-in.ts";
import { until } from "../../../shared/testing/until.ts";
import { startTestLive, type TestLiveOptions } from "./test-live.ts";

const BOARD = "board-1";
const PATH = `/boards/${BOARD}/events`;
const JOIN = rawFrame({ payload: JSON.stringify({ type: "join", boardId: BOARD }) });

/** With the connections as the server has them. */
async function startLanes(options?: TestLiveOptions) {
  const test = await startTestLive(options);
  const connections: Socket[] = [];
  test.server.node.on("connection", (connection) => connections.push(connection));
  return { ...test, connections };
}

async function joinRaw(port: number, user = "alice") {
  const socket = openRawSocket(port, {}, `/ws?user=${user}`);
  await until("the head", () => socket.head);
  socket.tcp.write(JOIN);
  await until("the join", () => socket.texts.some((text) => text.includes('"joined"')));
  return socket;
}

const SHAKE =
  "GET /ws?user=alice HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/** One that leaves nothing behind in the test itself. */
function openClient(port: number, request: string) {
  const client = { tcp: connect(port, "127.0.0.1"), seen: "" };
  client.tcp.on("data", (bytes) => {
    client.seen += bytes.toString("latin1");
  });
  client.tcp.on("error", () => {});
  client.tcp.write(request);
  return client;
}

/** Bytes that no cable compresses. */
const LARGE = "x".repeat(9_000);

test("what one turn publishes is one write to a socket and one to a stream, past `ws` and srvx", async () => {
  const { port, rename, live, connections } = await startLanes();
  const socket = await joinRaw(port);
  const stream = openRawStream(port, PATH);
  await until("the stream", () => stream.events.length === 1);
  await until("quiet", () => live.counts().slow === 0);
  const toClient = vi.spyOn(ServerResponse.prototype, "write");
  onTestFinished(() => toClient.mockRestore());
  const writes = connections.map((connection) => vi.spyOn(connection, "write"));
  for (let each = 0; each < 30; each += 1) rename(BOARD);
  live.people.refresh(BOARD, "another connection", "bob");
  await turn();
  expect(writes.map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  expect(toClient).not.toHaveBeenCalled();
  await until(
    "the events",
    () => stream.events.length === 32 && socket.texts.at(-1)?.includes("user_joined"),
  );
  // The same bytes for everybody: two more followers, and no buffer more.
  const [first, second] = [await joinRaw(port, "carol"), await joinRaw(port, "dave")];
  await until("the joins", () => first.texts.length > 3 && second.texts.length > 3);
  const spies = connections.slice(2).map((connection) => vi.spyOn(connection, "write"));
  await until("a silence", () => live.counts().slow === 0);
  rename(BOARD);
  await until("the write", () => spies.every(({ mock }) => mock.calls.length > 0));
  expect(spies[0]?.mock.calls.at(-1)?.[0]).toBe(spies[1]?.mock.calls.at(-1)?.[0]);
});

test("what `ws` writes itself and what the lane writes never get into each other", async () => {
  const { url, rename } = await startTestLive({ settings: { heartbeatMs: 20 } });
  const alice = await askForSocket(url, {}, "?user=alice");
  const problems: Error[] = [];
  alice.socket.on("error", (error) => problems.push(error));
  let pongs = 0;
  alice.socket.on("pong", () => {
    pongs += 1;
  });
  alice.say({ type: "join", boardId: BOARD });
  await until("the join", () => alice.of("joined").length === 1);
  for (let each = 0; each < 200; each += 1) {
    alice.socket.ping("are you there?");
    rename(BOARD, LARGE.slice(0, (each * 331) % 9_000));
    await turn();
  }
  await until("everything", () => alice.of("event").length === 200 && pongs === 200);
  expect(alice.of("event").map(({ event }) => event.seq)).toEqual(
    Array.from({ length: 200 }, (_, i) => i + 1),
  );
  expect(problems).toEqual([]);
});

test("nothing follows a close frame, whatever is published", async () => {
  const { port, rename, permissions, sessionOf } = await startTestLive();
  const socket = await joinRaw(port);
  rename(BOARD);
  permissions.endSession(sessionOf("alice").id);
  rename(BOARD);
  await until("the close frame", () => socket.closeCode);
  const before = socket.texts.length;
  for (let each = 0; each < 10; each += 1) {
    rename(BOARD);
    await turn();
  }
  await until("the end", () => socket.isOver);
  expect([socket.closeCode, socket.texts.length - before, socket.controls]).toEqual([4401, 0, [8]]);
});

test("a socket that does not read is closed with 4008, and costs a bounded amount until then", async () => {
  const { port, rename, live, connections } = await startLanes({ settings: { maxBacklogBytes: 300_000 } });
  const slow = await joinRaw(port, "bob");
  const fast = await joinRaw(port);
  slow.tcp.pause();
  let backlog = 0;
  await until("the end", () => {
    for (let each = 0; each < 10; each += 1) rename(BOARD, LARGE);
    backlog = Math.max(backlog, connections[0]?.writableLength ?? 0);
    return live.people.users(BOARD).length > 0 && slowEnded();
  });
  function slowEnded() {
    return live.counts().sockets === 1 || (connections[0]?.destroyed ?? false);
  }
  expect(backlog).toBeLessThan(420_000);
  slow.tcp.resume();
  expect(fast.isOver).toBe(false);
});

test("a socket that has stopped reading is closed with 4008 after a while, and can be told why", async () => {
  const { port, rename, live, connections } = await startLanes({
    settings: { maxBacklogBytes: 50_000_000, maxStallMs: 150, closeTimeoutMs: 5_000 },
  });
  const slow = await joinRaw(port);
  slow.tcp.pause();
  await until("a backlog", () => {
    rename(BOARD, LARGE);
    return (connections[0]?.writableLength ?? 0) > 100_000;
  });
  // It is in no feed any more, and its close frame waits behind everything else.
  await until("its end", () => live.counts().slow === 0 && live.counts().boards === 0);
  slow.tcp.resume();
  await until("the close frame", () => slow.closeCode);
  expect(slow.closeCode).toBe(4008);
});

test("a stream that is not read is cut off, and the others go on", async () => {
  const { port, rename, live } = await startTestLive({ settings: { maxBacklogBytes: 300_000 } });
  const slow = openRawStream(port, PATH, { "x-user": "bob" });
  const fast = openRawStream(port, PATH);
  await until("both", () => slow.events.length > 0 && fast.events.length > 0);
  slow.socket.pause();
  await until("its end", () => {
    for (let each = 0; each < 10; each += 1) rename(BOARD, LARGE);
    return live.counts().streams === 1;
  });
  rename(BOARD, "last");
  await until("the last event", () => fast.events.at(-1)?.data.includes('"last"'));
  const seqs = fast.events.filter(({ id }) => id).map(({ data }) => JSON.parse(data).seq);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
});

test("a client that comes from far behind and reads slowly gets everything", async () => {
  const { port, rename, headOf, connections } = await startLanes();
  for (let each = 0; each < 800; each += 1) rename(BOARD, LARGE);
  const stream = openRawStream(port, `${PATH}?after=0`);
  let backlog = 0;
  stream.socket.on("data", () => {
    backlog = Math.max(backlog, connections[0]?.writableLength ?? 0);
    stream.socket.pause();
    setImmediate(() => stream.socket.resume());
  });
  await until("half of it", () => stream.events.length > 400, 15_000);
  rename(BOARD, "meanwhile");
  await until("the end", () => stream.events.at(-1)?.data.includes("meanwhile"), 15_000);
  const seqs = stream.events.filter(({ id }) => id).map(({ data }) => JSON.parse(data).seq);
  expect(seqs).toEqual(Array.from({ length: headOf(BOARD) }, (_, index) => index + 1));
  expect(backlog).toBeLessThan(300_000);
});

test("a thousand connections come and go, and nothing is left of them", async () => {
  const { port, live, permissions, rename } = await startTestLive({ settings: { graceMs: 1 } });
  async function comeAndGo(count: number) {
    const requests = [SHAKE, `GET ${PATH} HTTP/1.1\r\nHost: h\r\n\r\n`];
    const clients = Array.from({ length: 2 * count }, (_, index) =>
      openClient(port, requests[index % 2] ?? ""),
    );
    await until("all", () => live.counts().sockets === count && live.counts().streams === count);
    for (let each = 0; each < 2 * count; each += 2) clients[each]?.tcp.write(JOIN);
    await until("the joins", () => clients.every(({ seen }) => seen.includes("presence")));
    rename(BOARD);
    await until("the event", () => clients.every(({ seen }) => seen.includes("board_renamed")));
    const gone = clients.map(({ tcp }) => once(tcp, "close"));
    for (const { tcp } of clients) tcp.destroy();
    await Promise.all(gone);
    await until("nobody", () => live.counts().sockets + live.counts().streams === 0);
  }
  await comeAndGo(100);
  await until("nobody", () => live.people.size === 0);
  const before = await memoryAfterCollection();
  for (let round = 0; round < 5; round += 1) await comeAndGo(100);
  await until("nobody", () => live.people.size === 0);
  expect((await memoryAfterCollection()) - before).toBeLessThan(1_500_000);
  expect(permissions.size).toBe(0);
  expect(live.counts()).toEqual({ sockets: 0, streams: 0, polls: 0, boards: 0, slow: 0 });
});
