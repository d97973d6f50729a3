// The four ways to follow a board, through the whole server: what the live part does in detail is tested there.
import { expect, onTestFinished, test } from "vitest";
import { askForSocket, getTicket } from "../../../shared/testing/sign-in.ts";
import { until } from "../../../shared/testing/until.ts";
import { startCapstone } from "../../tests/start-capstone.ts";

async function started() {
  const server = await startCapstone();
  const cookie = await server.signIn("alice");
  const epoch = (await server.store.head("board-1"))?.epoch ?? "";
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, { headers: { cookie, ...headers } });
  const rename = (name: string) =>
    fetch(`${server.url}/boards/board-1`, {
      method: "PATCH",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({ name }),
    });
  const head = async () => (await server.store.head("board-1"))?.seq ?? 0;
  return { ...server, cookie, epoch, get, rename, head };
}

test("short polling: the events after a cursor, then 304, and 410 for a cursor of another log", async () => {
  const { get, rename, head, epoch } = await started();
  const seq = await head();
  await rename("New");
  const first = await get(`/boards/board-1/updates?after=${epoch}:${seq}`);
  const page = await first.json();
  expect(page.events.map((event: { type: string }) => event.type)).toEqual(["board_renamed"]);
  const etag = first.headers.get("etag") ?? "";
  expect(etag).toBe(`W/"${epoch}:${seq + 1}"`);
  const same = await get(`/boards/board-1/updates?after=${seq + 1}`, { "if-none-match": etag });
  expect(same.status).toBe(304);
  await rename("Newer");
  const newer = await get(`/boards/board-1/updates?after=${seq + 1}`, { "if-none-match": etag });
  expect((await newer.json()).events).toHaveLength(1);
  expect((await get("/boards/board-1/updates?after=otherEpoch:1")).status).toBe(410);
  expect((await get("/boards/board-1/updates?after=x")).status).toBe(400);
});

test("short polling: what had no room in one answer comes with the next, whatever the ETag", async () => {
  const { get, rename, head } = await started();
  const seq = await head();
  for (let each = 1; each <= 101; each += 1) await rename(`Name ${each}`);
  const first = await get(`/boards/board-1/updates?after=${seq}`);
  const page = await first.json();
  expect([page.events.length, page.more]).toEqual([100, true]);
  const etag = first.headers.get("etag") ?? "";
  const next = await get(`/boards/board-1/updates?after=${page.seq}`, { "if-none-match": etag });
  expect((await next.json()).events).toHaveLength(1);
});

test("short polling: an event that is committed while the answer is made is not called nothing new", async () => {
  const { get, rename, head, epoch, store } = await started();
  const seq = await head();
  const { head: headOf } = store;
  store.head = async (boardId) => {
    const found = await headOf(boardId);
    store.head = headOf;
    await rename("Meanwhile");
    return found;
  };
  const etag = `"${epoch}:${seq}"`;
  const answer = await get(`/boards/board-1/updates?after=${seq}`, { "if-none-match": etag });
  expect(answer.status).toBe(200);
  expect((await answer.json()).events).toHaveLength(1);
});

test("long polling: answers when something happens", async () => {
  const { get, rename, head, app } = await started();
  const seq = await head();
  const waiting = get(`/boards/board-1/poll?after=${seq}`);
  await until("the question is open", () => app.live.counts().polls === 1);
  await rename("New");
  expect((await (await waiting).json()).events).toHaveLength(1);
});

test("a stream: resumes by Last-Event-ID before ?after=, and has its headers", async () => {
  const { get, rename, head, epoch } = await started();
  const seq = await head();
  await rename("New");
  const response = await get("/boards/board-1/events?after=1", { "last-event-id": `${epoch}:${seq}` });
  onTestFinished(() => response.body?.cancel());
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
  let text = "";
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes("board_renamed")) text += (await reader?.read())?.value ?? "";
  expect(text.match(/^id: .*$/m)?.[0]).toBe(`id: ${epoch}:${seq + 1}`);
  await reader?.cancel();
});

test("a socket: by cookie, by ticket and by token; and its end when somebody signs out", async () => {
  const { url, cookie, rename } = await started();
  const byCookie = await askForSocket(url, { cookie, origin: url });
  const byTicket = await askForSocket(url, {}, `?ticket=${await getTicket(url, cookie)}`);
  const made = await fetch(`${url}/tokens`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify({ name: "x", scope: "read" }),
  });
  const { token } = await made.json();
  const byToken = await askForSocket(url, { authorization: `Bearer ${token}` });
  for (const socket of [byCookie, byTicket, byToken]) {
    expect(socket.status).toBe(101);
    socket.say({ type: "join", boardId: "board-1" });
    await until("it has joined", () => socket.of("joined").length === 1);
  }
  await rename("New");
  for (const socket of [byCookie, byTicket, byToken]) {
    await until("it has heard", () => socket.of("event").length === 1);
  }
  // Whoever may only read may not do it on a socket either.
  byToken.say({ type: "delete_task", key: "a-key-of-16-letters", taskId: "task-1" });
  await until("it is refused", () => byToken.of("answer").some(({ status }) => status === 403));

  await fetch(`${url}/session`, { method: "DELETE", headers: { cookie } });
  await until("what the session has opened is closed", () => byCookie.closed.code === 4401);
  await until("that too", () => byTicket.closed.code === 4401);
  expect(byToken.closed.code).toBeUndefined();
});

test("a socket is refused to strangers, to pages of others, and without saying which page", async () => {
  const { url, cookie } = await started();
  const refusal = async (headers: Record<string, string>, query = "") =>
    (await askForSocket(url, headers, query)).refusal;
  expect(await refusal({})).toBe("not_signed_in");
  expect(await refusal({ cookie, origin: "http://localhost:1" })).toBe("foreign_origin");
  expect(await refusal({ cookie })).toBe("foreign_origin");
  expect(await refusal({}, "?ticket=guess")).toBe("not_signed_in");
  expect(await refusal({ authorization: "Bearer rtb_guess" })).toBe("not_signed_in");
});

test("whoever is removed, and whoever follows a board that is deleted, is shown out", async () => {
  const { url, signIn, cookie } = await started();
  const bob = await signIn("bob");
  const [removed, deleted] = [
    await askForSocket(url, { cookie: bob, origin: url }),
    await askForSocket(url, { cookie, origin: url }),
  ];
  for (const socket of [removed, deleted]) {
    socket.say({ type: "join", boardId: "board-1" });
    await until("it has joined", () => socket.of("joined").length === 1);
  }
  await fetch(`${url}/boards/board-1/members/bob`, { method: "DELETE", headers: { cookie } });
  await until("Bob is out", () => removed.closed.code === 4403);
  await fetch(`${url}/boards/board-1`, { method: "DELETE", headers: { cookie } });
  await until("the board is gone", () => deleted.closed.code === 4404);
});

test("presence without a socket", async () => {
  const { url, cookie, signIn, get } = await started();
  const bob = await signIn("bob");
  const put = (headers: Record<string, string>, body: object) =>
    fetch(`${url}/boards/board-1/presence/bobs-first-tab`, {
      method: "PUT",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const said = await put({ cookie: bob }, { typing: { taskId: "task-1" } });
  expect(await said.json()).toEqual({ users: ["bob"], typing: [{ userId: "bob", taskId: "task-1" }] });
  // The same name for a lease is Alice's own, and not Bob's.
  await fetch(`${url}/boards/board-1/presence/bobs-first-tab`, { method: "DELETE", headers: { cookie } });
  expect((await (await get("/boards/board-1/presence")).json()).users).toEqual(["bob"]);
  await fetch(`${url}/boards/board-1/presence/bobs-first-tab`, {
    method: "DELETE",
    headers: { cookie: bob },
  });
  expect((await (await get("/boards/board-1/presence")).json()).users).toEqual([]);
});
