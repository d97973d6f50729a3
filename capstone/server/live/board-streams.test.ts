import { EventSource } from "eventsource";
import { expect, onTestFinished, test } from "vitest";
import { openRawStream } from "../../../shared/testing/raw-stream.ts";
import { until } from "../../../shared/testing/until.ts";
import { EPOCH } from "./memory-store.ts";
import { createTestLive, startTestLive } from "./test-live.ts";

const BOARD = "board-1";
const PATH = `/boards/${BOARD}/events`;
const logged = (stream: { events: { id?: string | undefined; event?: string | undefined }[] }) =>
  stream.events.filter(({ id }) => id !== undefined).map(({ id }) => id);

test("a stream has its head at once, then who is there, then the events from its cursor on", async () => {
  const { port, rename } = await startTestLive();
  rename(BOARD, "one");
  rename(BOARD, "two\nlines");
  const stream = openRawStream(port, PATH, { "last-event-id": `${EPOCH}:1` });
  await until("the head", () => stream.head);
  await until("the replay", () => logged(stream).length === 1);
  rename(BOARD, "three");
  await until("the event", () => logged(stream).length === 2);
  const headers = Object.fromEntries(stream.head?.headers ?? []) as Record<string, string>;
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  expect(lower).toMatchObject({
    "content-type": "text/event-stream",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    "transfer-encoding": "chunked",
  });
  expect(stream.events.map(({ event, id }) => [event, id])).toEqual([
    ["presence", undefined],
    ["board_renamed", `${EPOCH}:2`],
    ["board_renamed", `${EPOCH}:3`],
  ]);
  expect(JSON.parse(stream.events[1]?.data ?? "")).toMatchObject({ seq: 2, data: { name: "two\nlines" } });
});

test("a cursor that cannot be honoured gets one reset with the head as its id", async () => {
  const { port, rename } = await startTestLive();
  rename(BOARD);
  for (const after of ["garbage", "other:1", `${EPOCH}:9`]) {
    const stream = openRawStream(port, PATH, { "last-event-id": after });
    await until("the reset", () => logged(stream).length === 1);
    expect(stream.events.at(-1)).toMatchObject({ event: "reset", id: `${EPOCH}:1` });
  }
});

test("a real EventSource follows, and comes back where it was when its stream ends", async () => {
  const { url, rename, live } = await startTestLive({ settings: { streamMaxAgeMs: 150, retryMs: 20 } });
  const source = new EventSource(`${url}${PATH}?user=alice`);
  onTestFinished(() => source.close());
  const ids: string[] = [];
  let opened = 0;
  source.onopen = () => {
    opened += 1;
  };
  source.addEventListener("board_renamed", ({ lastEventId }) => ids.push(lastEventId));
  await until("the stream", () => live.counts().streams === 1);
  await until("a few streams", () => {
    rename(BOARD);
    return opened >= 3;
  });
  const wanted = rename(BOARD).seq;
  await until("the last event", () => ids.at(-1) === `${EPOCH}:${wanted}`);
  const seqs = ids.map((id) => Number(id.split(":")[1]));
  expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
});

test("the answer is valid HTTP to its end, and the connection can be used again", async () => {
  const { url, rename, live } = await startTestLive();
  const response = await fetch(`${url}${PATH}`);
  await until("the stream", () => live.counts().boards === 1);
  for (let each = 0; each < 50; each += 1) rename(BOARD, "x".repeat(1_000));
  const text = response.text();
  await new Promise((resolve) => setImmediate(resolve));
  await live.close();
  const lines = (await text).split("\n");
  expect(lines.filter((line) => line.startsWith("id: ")).length).toBe(50);
  expect(lines.filter((line) => line === "event: end").length).toBe(1);
  expect(JSON.parse(lines.find((line) => line.includes('"code"'))?.slice(6) ?? "")).toMatchObject({
    code: 1012,
  });
});

test("two requests on one connection: the stream waits for its turn, and is complete", async () => {
  const { port, rename } = await startTestLive();
  rename(BOARD);
  const stream = openRawStream(port, `/boards/${BOARD}/poll?after=0`);
  const second = `GET ${PATH}?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  stream.socket.write(second);
  let text = "";
  stream.socket.on("data", (bytes) => {
    text += bytes;
  });
  await until("both answers", () => text.includes("text/event-stream") && text.includes(`id: ${EPOCH}:1`));
  rename(BOARD);
  await until("the event", () => text.includes(`id: ${EPOCH}:2`));
  expect(text.match(/HTTP\/1\.1 200/g)?.length).toBe(2);
});

test("HTTP/1.0 has no chunks, and gets the same events", async () => {
  const { port, rename } = await startTestLive();
  const { connect } = await import("node:net");
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.on("data", (bytes) => {
    text += bytes;
  });
  socket.write(`GET ${PATH} HTTP/1.0\r\nHost: localhost\r\n\r\n`);
  await until("the stream", () => text.includes("event: presence"));
  rename(BOARD);
  await until("the event", () => text.includes(`\n\nid: ${EPOCH}:1\nevent: board_renamed\ndata: {`));
  expect(text.toLowerCase()).not.toContain("transfer-encoding");
});

test("without a server it works all the same", async () => {
  const { fetch, rename, live } = createTestLive();
  const response = await fetch(new Request(`http://host${PATH}`));
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const read = async () => (await reader?.read())?.value ?? "";
  expect(await read()).toMatch(/^retry: \d+\n\n$/);
  expect(await read()).toContain("event: presence");
  rename(BOARD);
  expect(await read()).toContain(`id: ${EPOCH}:1`);
  await reader?.cancel();
  expect(live.counts()).toMatchObject({ streams: 0, boards: 0 });
  await live.close();
});

test("who is removed is told why, and hears nothing of it", async () => {
  const { port, rename, commit } = await startTestLive();
  const stream = openRawStream(port, PATH, { "x-user": "bob" });
  await until("the stream", () => stream.events.length === 1);
  rename(BOARD);
  commit(BOARD, { type: "member_removed", data: { userId: "bob" } });
  await until("the end", () => stream.isOver);
  expect(stream.events.slice(1).map(({ event, data }) => [event, JSON.parse(data).code])).toEqual([
    ["end", 4403],
  ]);
  const again = openRawStream(port, PATH, { "x-user": "bob" });
  await until("the refusal", () => again.isOver);
  expect(again.head?.startLine).toContain("404");
});

test("a board that is deleted before its stream has begun to be read: the stream says so, and ends", async () => {
  const { fetch, live, deleteBoard, permissions } = createTestLive();
  const response = await fetch(new Request(`http://host${PATH}`));
  deleteBoard(BOARD);
  live.look(BOARD);
  await until("nobody on it", () => live.counts().boards === 0);
  const text = await response.text();
  expect(text).toMatch(/^retry: \d+\n\nevent: end\ndata: \{"code":4404,.*\}\n\n$/);
  expect([live.counts().streams, permissions.size]).toEqual([0, 0]);
  await live.close();
});

test("a comment goes out again and again", async () => {
  const { port } = await startTestLive({ settings: { streamHeartbeatMs: 40 } });
  const stream = openRawStream(port, PATH);
  await until("comments", () => stream.comments.length >= 3);
});

test("HEAD, a refusal, and a client that is gone leave nothing behind", async () => {
  const { url, port, live, permissions } = await startTestLive({ maxOfUser: 1 });
  const head = await fetch(`${url}${PATH}`, { method: "HEAD" });
  expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  expect((await fetch(`${url}/boards/no-board/events`)).status).toBe(404);
  expect((await fetch(`${url}${PATH}?user=mallory`)).status).toBe(404);
  const first = openRawStream(port, PATH);
  await until("the stream", () => first.events.length === 1);
  expect((await fetch(`${url}${PATH}`)).status).toBe(429);
  first.socket.destroy();
  await until("nothing left", () => live.counts().streams === 0);
  expect(live.counts()).toEqual({ sockets: 0, streams: 0, polls: 0, boards: 0, slow: 0 });
  expect(permissions.size).toBe(0);
});
