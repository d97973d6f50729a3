// The lanes beneath the whole server: nothing on the way may wrap an answer in such a way that the fast lane is closed.
import { ServerResponse } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { openRawStream } from "../../../shared/testing/raw-stream.ts";
import { askForSocket } from "../../../shared/testing/sign-in.ts";
import { until } from "../../../shared/testing/until.ts";
import { startCapstone } from "../../tests/start-capstone.ts";

test("a change reaches a socket, a stream and an open question, and the stream by the fast lane", async () => {
  const { url, port, store, app, signIn } = await startCapstone();
  const cookie = await signIn("bob");
  const stream = openRawStream(port, "/boards/board-1/events", { cookie });
  const socket = await askForSocket(url, { cookie, origin: url });
  socket.say({ type: "join", boardId: "board-1" });
  await until("both", () => stream.events.length > 0 && socket.of("joined").length === 1);
  const seq = (await store.head("board-1"))?.seq;
  const poll = fetch(`${url}/boards/board-1/poll?after=${seq}`, { headers: { cookie } });
  await until("the question", () => app.live.counts().polls === 1);
  const past = vi.spyOn(ServerResponse.prototype, "write");
  onTestFinished(() => past.mockRestore());
  const board = { name: "new name" };
  const answer = await store.run("alice", undefined, { type: "rename_board", boardId: "board-1", board });
  await until("the event", () => stream.events.some(({ event }) => event === "board_renamed"));
  await until("the event", () => socket.of("event").length === 1);
  expect(past.mock.calls.filter(([bytes]) => String(bytes).includes("board_renamed"))).toEqual([]);
  expect((await (await poll).json()).seq).toBe(answer.seq);
});

test("on a socket, who has not paid yet for what was large is told to try again, and stays", async () => {
  const { url, app, signIn } = await startCapstone();
  const cookie = await signIn("alice");
  const socket = await askForSocket(url, { cookie, origin: url });
  app.auth.charge("alice", 52_000_000);
  const rename = (key: string) =>
    socket.say({ type: "rename_board", key, boardId: "board-1", board: { name: "new" } });
  rename("a".repeat(16));
  await until("the refusal", () => socket.of("answer").length === 1);
  const message = expect.stringMatching(/try again in \d s/);
  expect(socket.of("answer")[0]).toMatchObject({
    status: 429,
    body: { error: { code: "too_many", message } },
  });
  await until("it is paid for", () => app.auth.debtMs("alice") === 0, 10_000);
  // What was refused has not happened, so its key can be used again.
  rename("a".repeat(16));
  await until("the answer", () => socket.of("answer").length === 2);
  expect(socket.of("answer")[1]).toMatchObject({ status: 200 });
  expect(socket.closed.code).toBeUndefined();
});
