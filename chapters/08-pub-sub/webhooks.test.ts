import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createBoards } from "../../shared/board.ts";
import type { Database } from "../../shared/database.ts";
import { accepted, demoBoard } from "../../shared/testing/demo-board.ts";
import { until } from "../../shared/testing/until.ts";
import { createApp } from "./app.ts";
import { ForbiddenTargetError, postPublicly, whyForbidden } from "./public-request.ts";
import type { WebhookSettings } from "./webhooks.ts";

const SECRET = "a secret of sixteen";

interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: { seq: number; type: string };
}

/** Somebody else's program. @param answer the status of each answer, or undefined to leave the request hanging */
async function startReceiver(answer: (count: number) => number | undefined = () => 204) {
  const received: Delivery[] = [];
  let underWay = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    let body = "";
    for await (const piece of request) body += piece;
    received.push({ headers: request.headers, body, event: JSON.parse(body) });
    const status = answer(received.length);
    response.on("close", () => {
      underWay -= 1;
    });
    if (status === undefined) return;
    response.writeHead(status, { location: "http://127.0.0.1:1/" }).end("thank you");
  });
  server.listen(0, "127.0.0.1");
  await until("the receiver", () => server.listening);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    seqs: () => received.map(({ event }) => event.seq),
    get most() {
      return most;
    },
  };
}

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

function demoApp(settings: WebhookSettings = {}, database: Database = demoBoard().database) {
  const app = createApp({
    database,
    webhookSettings: { allowPrivate: true, minRetryMs: 5, maxRetryMs: 20, timeoutMs: 200, ...settings },
  });
  onTestFinished(() => app.close());
  const cookies = new Map<string, string>();
  const as = async (userId: string, method: string, path: string, body?: object) => {
    const cookie = cookies.get(userId) ?? `session=${app.auth.sessions.create(userId).token}`;
    cookies.set(userId, cookie);
    const response = await app.request(path, { method, ...(body && { body }), headers: { cookie } });
    const text = await response.text();
    return { status: response.status, body: text && JSON.parse(text) };
  };
  const add = async (url: string) =>
    (await as("alice", "POST", "/boards/board-1/webhooks", { url, secret: SECRET })).body;
  const change = async (title: string) => {
    expect((await as("bob", "PATCH", "/tasks/task-1", { title })).status).toBe(200);
  };
  const hooks = async () => (await as("alice", "GET", "/boards/board-1/webhooks")).body.webhooks;
  return { app, database, boards: createBoards(database), as, add, change, hooks };
}

describe("a webhook", () => {
  test("gets every event from its beginning on, in order, signed", async () => {
    const { add, change, hooks } = demoApp();
    const receiver = await startReceiver();
    const { id } = await add(receiver.url);
    for (const title of ["One", "Two", "Three"]) await change(title);
    await until("the deliveries", () => receiver.received.length === 3);
    expect(receiver.seqs()).toEqual([10, 11, 12]);
    expect(receiver.most).toBe(1);
    const { headers, body, event } = receiver.received[0] as Delivery;
    expect(event).toMatchObject({ seq: 10, type: "task_updated", boardId: "board-1", actorId: "bob" });
    expect(headers["webhook-id"]).toBe(`${id}:10`);
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    expect(headers["webhook-signature"]).toBe(
      `v1,${createHmac("sha256", SECRET).update(signed).digest("base64")}`,
    );
    expect(Math.abs(Number(headers["webhook-timestamp"]) - Date.now() / 1_000)).toBeLessThan(5);
    await until("the cursor", async () => (await hooks())[0].cursor === 12);
    expect((await hooks())[0]).not.toHaveProperty("secret");
  });

  test("that fails gets the same event again, under the same id, and only then the next", async () => {
    const { add, change, hooks } = demoApp();
    const receiver = await startReceiver((count) => [500, undefined, 302, 204, 204][count - 1]);
    await add(receiver.url);
    await change("One");
    await change("Two");
    await until("the deliveries", () => receiver.received.length === 5);
    expect(receiver.seqs()).toEqual([10, 10, 10, 10, 11]);
    expect(new Set(receiver.received.slice(0, 4).map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    await until("the end", async () => (await hooks())[0].cursor === 11);
    expect((await hooks())[0]).toMatchObject({ failures: 0, disabledAt: null });
  });

  test("that fails again and again is disabled, and one that says 410 at once", async () => {
    const { add, change, hooks, app, as } = demoApp({ maxFailures: 3 });
    let isMended = false;
    const broken = await startReceiver(() => (isMended ? 204 : 500));
    const gone = await startReceiver(() => 410);
    await add(broken.url);
    await add(gone.url);
    await change("One");
    await until("both to be disabled", async () =>
      (await hooks()).every((hook: { disabledAt: string }) => hook.disabledAt),
    );
    await change("Two");
    expect([broken.seqs(), gone.seqs()]).toEqual([[10, 10, 10], [10]]);
    // An owner who has mended the receiver lets it go on where it was.
    const [{ id }] = await hooks();
    isMended = true;
    expect((await as("bob", "PATCH", `/boards/board-1/webhooks/${id}`, { enabled: true })).status).toBe(403);
    expect((await as("alice", "PATCH", `/boards/board-1/webhooks/${id}`, { enabled: true })).status).toBe(
      204,
    );
    await until("the rest", () => broken.seqs().at(-1) === 11);
    expect(broken.seqs()).toEqual([10, 10, 10, 10, 11]);
    await until("nothing to be under way", () => app.webhooks.active === 0);
  });

  test("that hangs holds up nobody: not the change, not another hook", async () => {
    const { add, change } = demoApp({ timeoutMs: 60_000 });
    const hanging = await startReceiver(() => undefined);
    const good = await startReceiver();
    await add(hanging.url);
    await add(good.url);
    const start = performance.now();
    await change("One");
    await change("Two");
    await until("the good one", () => good.received.length === 2);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(hanging.seqs()).toEqual([10]);
  });

  test("goes on after a restart where it was; what was not acknowledged comes again", async () => {
    const { database } = demoBoard();
    const before = demoApp({ timeoutMs: 60_000 }, database);
    let isUp = false;
    const receiver = await startReceiver(() => (isUp ? 204 : undefined));
    await before.add(receiver.url);
    await before.change("One");
    await until("the first attempt", () => receiver.received.length === 1);
    before.app.close();
    isUp = true;
    demoApp({}, database);
    await until("the second", () => receiver.received.length === 2);
    expect(receiver.seqs()).toEqual([10, 10]);
  });

  test("that the log does not reach back to is told so, once, and goes on from there", async () => {
    const { add, change, database } = demoApp({ timeoutMs: 50 });
    // Up from the reset on: an attempt that is under way when the log is cut must not get through.
    const isUp = () => receiver.received.some(({ event }) => event.type === "reset");
    const receiver: Receiver = await startReceiver(() => (isUp() ? 204 : 500));
    await add(receiver.url);
    await change("One");
    await until("an attempt", () => receiver.received.length > 0);
    await change("Two");
    database.exec("DELETE FROM events WHERE board_id = 'board-1' AND seq <= 10");
    await until("the reset", isUp);
    await change("Three");
    await until("the next", () => receiver.seqs().at(-1) === 12);
    const types = receiver.received.map(({ event }) => event.type);
    expect(types.filter((type) => type === "reset")).toHaveLength(1);
  });

  test("is for owners, is no secret's place, and can be removed", async () => {
    const { as, add, change, hooks } = demoApp();
    const hook = { url: "http://127.0.0.1:9/", secret: SECRET };
    expect((await as("bob", "POST", "/boards/board-1/webhooks", hook)).status).toBe(403);
    expect((await as("carol", "POST", "/boards/board-1/webhooks", hook)).status).toBe(404);
    expect((await as("bob", "GET", "/boards/board-1/webhooks")).status).toBe(403);
    for (const body of [
      { url: "no url", secret: SECRET },
      { url: hook.url, secret: "short" },
      { url: hook.url },
    ]) {
      expect((await as("alice", "POST", "/boards/board-1/webhooks", body)).status).toBe(400);
    }
    const receiver = await startReceiver();
    const { id } = await add(receiver.url);
    expect((await as("alice", "DELETE", `/boards/board-1/webhooks/${id}`)).status).toBe(204);
    expect((await as("alice", "DELETE", `/boards/board-1/webhooks/${id}`)).status).toBe(404);
    await change("Unheard");
    expect(await hooks()).toEqual([]);
    for (let each = 0; each < 10; each += 1) await add(receiver.url);
    expect((await as("alice", "POST", "/boards/board-1/webhooks", hook)).status).toBe(403);
  });
});

describe("a target that reaches into our own network", () => {
  const FORBIDDEN = [
    "http://example.com/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://[::1]/",
    "https://[::]/",
    "https://[fe80::1]/",
    "https://[fd00::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[::a9fe:a9fe]/",
    "https://168.63.129.16/",
    "https://224.0.0.1/",
    "https://user:password@example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
  ];

  test.each(FORBIDDEN)("%s is refused when it is registered", (url) => {
    expect(whyForbidden(url, false)).toMatch(/\.$/);
  });

  test("a public one is not", () => {
    for (const url of [
      "https://example.com/hook",
      "https://93.184.215.14:8443/",
      "https://[2606:4700::1111]/",
    ]) {
      expect(whyForbidden(url, false)).toBeUndefined();
    }
  });

  test("a public name that stands for a private address is refused when it is connected to", async () => {
    const receiver = await startReceiver();
    const { port } = new URL(receiver.url);
    const request = { body: "{}", headers: {}, timeoutMs: 2_000, allowPrivate: false };
    // Anybody can register a name and let it stand for 127.0.0.1. This one does so on every machine.
    const refused = postPublicly({ ...request, url: `https://localhost:${port}/` });
    await expect(refused).rejects.toThrow(ForbiddenTargetError);
    expect(receiver.received).toEqual([]);
  });

  test("an answer that never ends, or wants another protocol, is an answer", async () => {
    const request = { body: "{}", headers: {}, timeoutMs: 2_000, allowPrivate: true };
    for (const head of [
      "HTTP/1.1 200 OK\r\n\r\n",
      "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
    ]) {
      let written = 0;
      const server = createTcpServer((socket) => {
        socket.on("error", () => {});
        socket.write(head);
        const timer = setInterval(() => {
          written += 65_536;
          socket.write(Buffer.alloc(65_536));
        }, 1);
        socket.on("close", () => clearInterval(timer));
      }).listen(0, "127.0.0.1");
      onTestFinished(() => void server.close());
      await until("the server", () => server.listening);
      const { port } = server.address() as { port: number };
      expect(await postPublicly({ ...request, url: `http://127.0.0.1:${port}/` })).toBe(
        Number(head.slice(9, 12)),
      );
      expect(written).toBeLessThan(5_000_000);
    }
  });

  test("allowed by configuration, it is reached", async () => {
    const receiver = await startReceiver();
    const request = { body: "{}", headers: {}, timeoutMs: 2_000, allowPrivate: true };
    expect(await postPublicly({ ...request, url: receiver.url })).toBe(204);
    expect(whyForbidden("ftp://example.com/", true)).toMatch(/https/);
  });

  test("a board with such a hook answers 400 and says why", async () => {
    const { as } = demoApp({ allowPrivate: false });
    const hook = { url: "https://169.254.169.254/", secret: SECRET };
    const { status, body } = await as("alice", "POST", "/boards/board-1/webhooks", hook);
    expect([status, body.error.issues[0].message]).toEqual([400, "This address is not public."]);
  });
});

test("accepted changes come first: a hook that is added in between hears from then on", async () => {
  const { add, change, boards } = demoApp();
  const receiver = await startReceiver();
  await change("Before");
  await add(receiver.url);
  expect(accepted(boards.head("board-1")).seq).toBe(10);
  await change("After");
  await until("the delivery", () => receiver.received.length === 1);
  expect(receiver.seqs()).toEqual([11]);
});
