import { once } from "node:events";
import { request as sendPlainly } from "node:http";
import { connect } from "node:http2";
import { afterAll, describe, expect, onTestFinished } from "vitest";
import { needsProgram } from "../../../chapters/10-scaling/cluster/needs-program.ts";
import { until } from "../../../shared/testing/until.ts";
import { ask, open, openSocket } from "./secure-client.ts";
import { HOST, ORIGIN, type SecureFront, startSecureFront } from "./secure-front.ts";

const deployedTest = needsProgram("nginx", "openssl");

/** What an event may take through everything, in milliseconds. A proxy that buffers takes until the next 4 kB. */
const SOON_MS = 1_000;

let starting: Promise<{ front: SecureFront; cookie: string }> | undefined;
afterAll(async () => (await starting)?.front.stop(), 30_000);

/** One for all tests, with somebody who is signed in and has a board. */
function deployed() {
  starting ??= start();
  return starting;
}

async function start() {
  const front = await startSecureFront();
  const user = { userId: "dora", name: "Dora", password: "correct horse battery" };
  const signedUp = await ask(front, { method: "POST", path: "/users", body: user });
  expect(signedUp.status, signedUp.text).toBe(201);
  const [setCookie = ""] = signedUp.headers["set-cookie"] ?? [];
  const cookie = setCookie.split(";", 1)[0] ?? "";
  const board = { id: "board-d", name: "Deployed" };
  const made = await ask(front, { method: "POST", path: "/boards", body: board, headers: { cookie } });
  expect(made.status, made.text).toBe(201);
  expect(setCookie).toMatch(/^__Host-session=[\w-]+; .*HttpOnly/);
  expect(setCookie).toContain("; Secure");
  return { front, cookie };
}

async function createList(front: SecureFront, cookie: string, name: string): Promise<void> {
  const sent = { method: "POST", path: "/boards/board-d/lists", body: { name }, headers: { cookie } };
  const { status, text } = await ask(front, sent);
  expect(status, text).toBe(201);
}

describe("the board behind nginx, with the files of capstone/deploy", () => {
  deployedTest(
    "whoever comes without TLS is sent to the same place with it, and told to stay there",
    async () => {
      const { front } = await deployed();
      const request = sendPlainly({
        port: front.plainPort,
        host: "127.0.0.1",
        path: "/b/board-d?x=1",
        headers: { host: HOST },
      });
      request.end();
      const [response] = await once(request, "response");
      response.resume();
      expect([response.statusCode, response.headers.location]).toEqual([301, `${ORIGIN}/b/board-d?x=1`]);
      const page = await ask(front, { path: "/" });
      expect(page.status).toBe(200);
      expect(page.text).toContain("<!doctype html>");
      expect(page.headers["strict-transport-security"]).toMatch(/max-age=\d+/);
      expect(page.headers["content-security-policy"]).toContain(`wss://${HOST}`);
    },
  );

  deployedTest("a change is taken from our own page only", async () => {
    const { front, cookie } = await deployed();
    const body = { name: "From elsewhere" };
    for (const origin of ["https://evil.example.com", `http://${HOST}`, "null"]) {
      const headers = { cookie, origin };
      const { status } = await ask(front, { method: "POST", path: "/boards/board-d/lists", body, headers });
      expect(status, origin).toBe(403);
    }
  });

  deployedTest(
    "a socket opens over TLS, hears of a change at once, and opens for no other page",
    async () => {
      const { front, cookie } = await deployed();
      const socket = openSocket(front, { cookie });
      onTestFinished(() => socket.terminate());
      const messages: { type: string; event?: { data: object } }[] = [];
      socket.on("message", (data) => messages.push(JSON.parse(String(data))));
      await once(socket, "open");
      socket.send(JSON.stringify({ type: "join", boardId: "board-d" }));
      await until("joined", () => messages.some(({ type }) => type === "joined"));
      await createList(front, cookie, "Over a socket");
      await until("the event", () => JSON.stringify(messages).includes("Over a socket"), SOON_MS);

      const foreign = openSocket(front, { cookie, origin: "https://evil.example.com" });
      const [error] = await once(foreign, "error");
      expect(String(error)).toContain("403");
    },
  );

  deployedTest("a stream hands over each event as it comes, over HTTP/1.1 and over HTTP/2", async () => {
    const { front, cookie } = await deployed();
    const first = await open(front, {
      path: "/boards/board-d/events",
      headers: { cookie, accept: "text/event-stream", "accept-encoding": "gzip" },
    });
    onTestFinished(() => void first.destroy());
    expect([first.statusCode, first.headers["content-encoding"]]).toEqual([200, undefined]);
    let old = "";
    first.setEncoding("utf8").on("data", (part) => {
      old += part;
    });

    const session = connect(`https://127.0.0.1:${front.port}`, { servername: HOST, ca: front.certificate });
    onTestFinished(() => session.destroy());
    const second = session.request({
      ":path": "/boards/board-d/events",
      ":authority": HOST,
      cookie,
      accept: "text/event-stream",
    });
    let status: number | undefined;
    let modern = "";
    second.on("response", (headers) => {
      status = headers[":status"];
    });
    second.setEncoding("utf8").on("data", (part: string) => {
      modern += part;
    });
    await until("both streams", () => status === 200 && old !== "");
    expect(session.alpnProtocol).toBe("h2");
    await createList(front, cookie, "Over streams");
    await until("the events", () => old.includes("Over streams") && modern.includes("Over streams"), SOON_MS);
    second.close();
  });

  deployedTest("a long poll is answered as soon as something happens", async () => {
    const { front, cookie } = await deployed();
    const { text } = await ask(front, { path: "/boards/board-d", headers: { cookie } });
    const { board, seq } = JSON.parse(text);
    const after = encodeURIComponent(`${board.epoch}:${seq}`);
    const polling = ask(front, { path: `/boards/board-d/poll?after=${after}`, headers: { cookie } });
    await createList(front, cookie, "For a long poll");
    const since = performance.now();
    const answer = await polling;
    expect(performance.now() - since).toBeLessThan(SOON_MS);
    expect(JSON.parse(answer.text).events).toMatchObject([{ seq: seq + 1, type: "list_created" }]);
  });

  deployedTest(
    "a board of five megabytes can be imported and exported; nothing else may be so large",
    async () => {
      const { front, cookie } = await deployed();
      const description = "Ä".repeat(5_000);
      const tasks = Array.from({ length: 520 }, (_, index) => ({
        id: `task-${index}`,
        listId: "list-a",
        title: `Task ${index}`,
        description,
        assigneeId: null,
        labels: [],
        dueOn: null,
        position: `a${index.toString(36).padStart(3, "0")}1`,
      }));
      const file = {
        format: "real-time-board",
        version: 1,
        board: { id: "old", name: "Large", epoch: "old", members: [] },
        lists: [{ id: "list-a", name: "All", position: "a0" }],
        tasks,
        comments: [],
      };
      expect(Buffer.byteLength(JSON.stringify(file))).toBeGreaterThan(5_000_000);
      const imported = await ask(front, {
        method: "POST",
        path: "/boards/import",
        body: file,
        headers: { cookie },
      });
      expect(imported.status, imported.text).toBe(201);
      const { id } = JSON.parse(imported.text);
      const exported = await ask(front, { path: `/boards/${id}/export`, headers: { cookie } });
      expect(JSON.parse(exported.text).tasks).toHaveLength(520);

      const body = { listId: "list-a", title: "x", description: "x".repeat(300_000) };
      const { status } = await ask(front, { method: "POST", path: "/tasks", body, headers: { cookie } });
      expect(status).toBe(413);
    },
  );

  deployedTest("what the board says of itself is for whoever runs it", async () => {
    const { front } = await deployed();
    for (const path of ["/health", "/ready", "/metrics", "/metrics?x=1", "//metrics", "/./metrics"]) {
      const { status, text } = await ask(front, { path });
      expect([path, status, text.includes("process_cpu")]).toEqual([path, 404, false]);
    }
  });

  deployedTest("a client cannot claim another address, and the log has no secret", async () => {
    const { front, cookie } = await deployed();
    const password = "a wrong password";
    const body = { userId: "dora", password };
    expect((await ask(front, { method: "POST", path: "/session", body })).status).toBe(401);
    // Whoever is behind each claim is the same: sooner or later they are stopped.
    let status: number | undefined;
    for (let guess = 0; guess < 1_000 && status !== 429; guess += 1) {
      const headers = { "x-forwarded-for": `203.0.113.${guess % 250}` };
      status = (await ask(front, { path: `/invitations/not-an-invitation-${guess}`, headers })).status;
    }
    expect(status).toBe(429);
    const log = front.log.join("\n");
    expect(log).toContain('"route":"/session"');
    expect(log).not.toContain(password);
    expect(log).not.toContain(cookie.split("=")[1]);
  });
});
