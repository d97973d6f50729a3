// What a server tells those who run it, and what it keeps to itself.
import { get } from "node:http";
import { expect, test } from "vitest";
import { askForSocket } from "../../shared/testing/sign-in.ts";
import { until } from "../../shared/testing/until.ts";
import { startCapstone } from "../tests/start-capstone.ts";
import { createLog, type LogLevel } from "./log.ts";
import { openCapstone } from "./testing/people.ts";

function recordedLog(level: LogLevel = "trace") {
  const lines: string[] = [];
  const log = createLog({ level, nodeName: "node-7", write: (line) => lines.push(line) });
  return { log, lines, entries: () => lines.map((line) => JSON.parse(line)) };
}

test("a request is one line: who, what, how it was answered, and under which id", async () => {
  const { log, entries } = recordedLog();
  const { signedIn, nobody } = await openCapstone({ log });
  const alice = await signedIn("alice");
  const { headers } = await alice.ask("GET", "/boards/board-1", undefined, {
    "x-request-id": "from-the-proxy",
  });
  expect(headers.get("x-request-id")).toBe("from-the-proxy");
  expect(entries()).toEqual([
    {
      level: 30,
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      node: "node-7",
      requestId: "from-the-proxy",
      method: "GET",
      route: "/boards/:boardId",
      status: 200,
      ms: expect.any(Number),
      userId: "alice",
      msg: "request",
    },
  ]);
  const refused = await nobody.ask("GET", "/boards", undefined, { "x-request-id": 'x" injected' });
  expect(refused.headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
  expect(entries()[1]).toMatchObject({
    status: 401,
    route: "-",
    requestId: refused.headers.get("x-request-id"),
  });
});

test("nothing that opens a door is in the log, nor what people write", async () => {
  const { log, lines } = recordedLog();
  const server = await startCapstone({ log });
  const cookie = await server.signIn("alice");
  const ask = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { cookie, ...(body && { "content-type": "application/json" }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    return response.json();
  };
  const { token } = await ask("POST", "/tokens", { name: "secret name" });
  const invitation = await ask("POST", "/boards/board-1/invitations", {});
  await ask("GET", `/invitations/${invitation.token}`);
  const { ticket } = await ask("POST", "/tickets");
  const socket = await askForSocket(server.url, {}, `?ticket=${ticket}`);
  expect(socket.status).toBe(101);
  await ask("POST", "/session", { userId: "alice", password: "wrong-secret" });
  await ask("GET", "/search?text=secret-words");
  await ask("POST", "/tasks", { listId: "list-todo", title: "secret-title" });
  await fetch(`${server.url}/boards`, { headers: { authorization: `Bearer ${token}` } });
  const all = lines.join("");
  expect(lines.length).toBeGreaterThan(8);
  expect(all).toContain('"route":"/invitations/:token"');
  expect(all).toContain('"route":"/ws"');
  for (const secret of [token, invitation.token, ticket, cookie.split("=")[1], "secret"]) {
    expect(all).not.toContain(secret);
  }
});

test("what nobody has expected is in the log, under the id of its request", async () => {
  const { log, entries } = recordedLog("error");
  const { signedIn, store } = await openCapstone({ log });
  const alice = await signedIn("alice");
  store.boardsOf = () => Promise.reject(new Error("the disk is full"));
  const { headers } = await alice.ask("GET", "/boards");
  const requestId = headers.get("x-request-id");
  expect(entries()).toMatchObject([
    { msg: "failed", requestId, route: "/boards", err: { message: "the disk is full" } },
    { msg: "request", requestId, status: 500 },
  ]);
});

test("metrics: for this machine only, unless somebody has the token", async () => {
  const server = await startCapstone({ metricsToken: "a-token-of-length" });
  // Not `fetch`, which does not let anybody choose the Host.
  const ask = (headers: Record<string, string> = {}) =>
    new Promise<number | undefined>((resolve, reject) => {
      get(`${server.url}/metrics`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on("error", reject);
    });
  expect(await ask()).toBe(200);
  expect(await ask({ "x-forwarded-for": "203.0.113.5" })).toBe(404);
  expect(await ask({ forwarded: "for=203.0.113.5" })).toBe(404);
  expect(await ask({ "x-forwarded-for": "203.0.113.5", authorization: "Bearer a-token-of-length" })).toBe(
    200,
  );
  expect(await ask({ authorization: "Bearer another-token-xx" })).toBe(404);
  // A page whose name means this machine.
  expect(await ask({ host: "evil.example" })).toBe(404);
  // Without a connection nobody knows where a request comes from.
  const { nobody } = await openCapstone();
  expect((await nobody.ask("GET", "/metrics")).said).toBe("404 not_found");
  expect((await nobody.ask("GET", "/health")).body).toEqual({ ok: true });
});

test("metrics count requests by their routes, events, commits, and what is open", async () => {
  const server = await startCapstone();
  const cookie = await server.signIn("alice");
  const read = async () => (await fetch(`${server.url}/metrics`)).text();
  await fetch(`${server.url}/boards/board-1`, { headers: { cookie } });
  await fetch(`${server.url}/boards/board-2`, { headers: { cookie } });
  const socket = await askForSocket(server.url, { cookie, origin: server.url });
  socket.say({ type: "join", boardId: "board-1" });
  await until("it has joined", () => socket.of("joined").length === 1);
  await fetch(`${server.url}/tasks/task-1`, { method: "DELETE", headers: { cookie } });
  await until("it has heard", () => socket.of("event").length === 1);
  const text = await read();
  const count = (route: string, status: number) =>
    `board_request_duration_seconds_count{method="GET",route="${route}",status="${status}"} 1`;
  expect(text).toContain(count("/boards/:boardId", 200));
  expect(text).toContain(count("/boards/:boardId", 404));
  expect(text).toContain('board_events_committed_total{type="task_deleted"} 1');
  expect(text).toContain("board_commit_events_count 1");
  expect(text).toContain("board_sockets_open 1");
  expect(text).toContain('board_deliveries_total{kind="event"} 1');
  expect(text).toContain('board_upgrades_total{status="101"} 1');
  expect(text).toContain("nodejs_eventloop_lag_p99_seconds");
  expect(text).not.toContain("board-1");
});

test("health and readiness: a database that is gone, or silent, makes it not ready, and not ill", async () => {
  const { nobody, store } = await openCapstone();
  expect((await nobody.ask("GET", "/ready")).body).toEqual({ ready: true });
  store.ping = () => Promise.reject(new Error("gone"));
  expect((await nobody.ask("GET", "/ready")).status).toBe(503);
  store.ping = () => new Promise(() => {});
  const silent = await nobody.ask("GET", "/ready");
  expect([silent.status, silent.body]).toEqual([503, { ready: false }]);
  expect((await nobody.ask("GET", "/health")).status).toBe(200);
});

test("a server that stops is not ready any more", async () => {
  const { app, nobody } = await openCapstone();
  await app.close();
  expect((await nobody.ask("GET", "/ready")).status).toBe(503);
});
