import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { type WebSocket, WebSocketServer, WebSocket as WsClient } from "ws";
import { SettingError } from "../../../shared/settings.ts";
import { openRawStream } from "../../../shared/testing/raw-stream.ts";
import { temporaryFolder } from "../../../shared/testing/temporary-folder.ts";
import { until } from "../../../shared/testing/until.ts";
import { freePort } from "./free-port.ts";
import type { Front } from "./front.ts";
import { needsProgram } from "./needs-program.ts";
import { configure, type NginxSettings, startNginx } from "./nginx.ts";
import { findProgram } from "./program.ts";

const nginxTest = needsProgram("nginx");

const CONFIGURATION = readFileSync(join(import.meta.dirname, "../nginx.conf"), "utf8");

/** The same with times that a test can wait out. */
const QUICK = CONFIGURATION.replaceAll(" 4s;", " 300ms;").replaceAll(" 60s;", " 900ms;");

/** A fake node: what it does with a request is up to the test. */
interface FakeNode {
  readonly port: number;
  /** `POST /tasks` */
  readonly requests: string[];
  readonly sockets: WebSocket[];
  onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  /** As a killed process: connections are cut, and further ones are refused. */
  kill(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
}

async function openNode(): Promise<FakeNode> {
  let http = createHttpServer();
  const tcp = new Set<Socket>();
  const node = {
    port: 0,
    requests: [] as string[],
    sockets: [] as WebSocket[],
    onRequest: ((_, response) => response.end(`${node.port}`)) as FakeNode["onRequest"],
    async kill() {
      const closed = once(http, "close");
      http.close();
      for (const socket of tcp) socket.resetAndDestroy();
      await closed;
    },
    async start() {
      http = createHttpServer((request, response) => {
        node.requests.push(`${request.method} ${request.url}`);
        node.onRequest(request, response);
      });
      http.on("connection", (socket) => {
        tcp.add(socket);
        socket.once("close", () => tcp.delete(socket));
      });
      new WebSocketServer({ server: http, path: "/ws" }).on("connection", (socket, request) => {
        node.requests.push(`UPGRADE ${request.headers.host} ${request.headers["x-forwarded-for"]}`);
        node.sockets.push(socket);
        socket.on("message", (data) => socket.send(`echo ${data}`));
      });
      http.listen(node.port, "127.0.0.1");
      await once(http, "listening");
      node.port = (http.address() as AddressInfo).port;
    },
  };
  await node.start();
  onTestFinished(async () => {
    if (http.listening) await node.kill();
  });
  return node;
}

function openNodes(count: number): Promise<FakeNode[]> {
  return Promise.all(Array.from({ length: count }, openNode));
}

async function start(
  nodes: readonly { port: number }[],
  settings: NginxSettings = {},
): Promise<Required<Front>> {
  const front = await startNginx({ nodes: nodes.map(({ port }) => port) }, settings);
  onTestFinished(() => front.stop());
  return front;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Sends a request on a connection of its own, with exactly these headers. */
async function ask(
  { port }: Front,
  target: string,
  { method = "GET", headers = {}, body = "" }: { method?: string; headers?: object; body?: string } = {},
): Promise<Answer> {
  const sent = httpRequest({
    port,
    host: "127.0.0.1",
    path: target,
    method,
    agent: false,
    headers: { "content-length": Buffer.byteLength(body), ...headers },
  });
  sent.on("error", () => {});
  sent.end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) };
}

async function openSocket({ port }: Front, target = "/ws") {
  const socket = new WsClient(`ws://127.0.0.1:${port}${target}`);
  onTestFinished(() => socket.terminate());
  const messages: string[] = [];
  let nodeAddress: unknown;
  socket.on("message", (data) => messages.push(String(data)));
  socket.on("upgrade", ({ headers }) => {
    nodeAddress = headers["x-node-address"];
  });
  socket.on("error", () => {});
  await once(socket, "open");
  return { socket, messages, nodeAddress };
}

const address = ({ port }: { port: number }) => `127.0.0.1:${port}`;
const requestCounts = (nodes: readonly FakeNode[]) => nodes.map(({ requests }) => requests.length);
const socketCounts = (nodes: readonly FakeNode[]) => nodes.map(({ sockets }) => sockets.length);

test("the copy differs from nginx.conf in the port and the nodes only", () => {
  expect(configure(CONFIGURATION, 8080, [3101, 3102, 3103])).toBe(CONFIGURATION);
  const removed = (from: string, what: string) => {
    const lines = what.split("\n");
    return from.split("\n").filter((line) => !lines.includes(line));
  };
  const copy = configure(CONFIGURATION, 81, [1, 2]);
  expect(removed(CONFIGURATION, copy)).toEqual([
    ...Array.from({ length: 3 }, () =>
      [3101, 3102, 3103].map((port) => `    server 127.0.0.1:${port} max_fails=1 fail_timeout=1s;`),
    ).flat(),
    "    listen 127.0.0.1:8080;",
  ]);
  expect(removed(copy, CONFIGURATION)).toEqual([
    "    server 127.0.0.1:1 max_fails=1 fail_timeout=1s;",
    "    server 127.0.0.1:2 max_fails=1 fail_timeout=1s;",
    "    server 127.0.0.1:1 max_fails=1 fail_timeout=1s;",
    "    server 127.0.0.1:2 max_fails=1 fail_timeout=1s;",
    "    server 127.0.0.1:1 max_fails=1 fail_timeout=1s;",
    "    server 127.0.0.1:2 max_fails=1 fail_timeout=1s;",
    "    listen 127.0.0.1:81;",
  ]);
});

nginxTest("nginx accepts nginx.conf as it is", () => {
  const args = ["-t", "-p", temporaryFolder(), "-c", join(import.meta.dirname, "../nginx.conf")];
  execFileSync(findProgram("nginx") as string, args, { stdio: "pipe" });
});

nginxTest("a socket goes through: the upgrade, messages both ways, and close codes both ways", async () => {
  const node = await openNode();
  const front = await start([node]);
  const { socket, messages, nodeAddress } = await openSocket(front);
  expect(nodeAddress).toBe(address(node));
  expect(node.requests).toEqual([`UPGRADE 127.0.0.1:${front.port} 127.0.0.1`]);
  socket.send("hello");
  await until("the echo", () => messages.length === 1);
  expect(messages).toEqual(["echo hello"]);
  const closed = once(node.sockets[0] as WebSocket, "close");
  socket.close(4001, "bye");
  expect((await closed).map(String)).toEqual(["4001", "bye"]);

  const { socket: second } = await openSocket(front);
  node.sockets[1]?.close(1012, "restart");
  expect((await once(second, "close")).map(String)).toEqual(["1012", "restart"]);
});

nginxTest("a refused upgrade is passed on", async () => {
  const node = await openNode();
  node.onRequest = (_, response) => response.writeHead(401).end("no");
  const front = await start([node]);
  const answer = await ask(front, "/ws");
  expect([answer.status, String(answer.body)]).toEqual([401, "no"]);
});

nginxTest("only /ws can be upgraded", async () => {
  const node = await openNode();
  const front = await start([node]);
  let sent: IncomingMessage["headers"] = {};
  node.onRequest = ({ headers }, response) => {
    sent = headers;
    response.end();
  };
  await ask(front, "/boards/demo", { headers: { connection: "upgrade", upgrade: "websocket" } });
  expect(sent.upgrade).toBeUndefined();
});

nginxTest("events arrive one by one, also for a client that would take gzip", async () => {
  const node = await openNode();
  let say: (text: string) => void = () => {};
  node.onRequest = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.flushHeaders();
    say = (text) => response.write(text);
  };
  const front = await start([node]);
  const stream = openRawStream(front.port, "/boards/demo/events", { "Accept-Encoding": "gzip" });
  await until("the head", () => stream.head);
  for (let each = 1; each <= 5; each += 1) {
    say(`data: ${each}\n\n`);
    await until("the event", () => stream.events.length === each);
  }
  say(": still here\n\n");
  await until("the comment", () => stream.comments.length === 1);
  expect(stream.head?.headers.find(([name]) => name.toLowerCase() === "content-encoding")).toBeUndefined();

  const left = vi.fn();
  node.onRequest = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    response.once("close", left);
  };
  const second = openRawStream(front.port, "/boards/demo/events");
  await until("the head", () => second.head);
  second.socket.destroy();
  await until("the node to hear that the client has left", () => left.mock.calls.length === 1);
});

nginxTest("what stays open may be silent for longer than a request, and not for ever", async () => {
  const node = await openNode();
  const front = await start([node], { configuration: QUICK });
  node.onRequest = (request, response) => {
    if (request.url?.endsWith("/poll")) setTimeout(() => response.end("late"), 600);
    else response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
  };
  const began = performance.now();
  const stream = openRawStream(front.port, "/boards/demo/events");
  const { socket } = await openSocket(front);
  const socketClosed = once(socket, "close");
  expect(String((await ask(front, "/boards/demo/poll")).body)).toBe("late");
  expect(stream.isOver).toBe(false);
  expect(socket.readyState).toBe(socket.OPEN);
  await until("the end of the stream", () => stream.isOver);
  expect((await socketClosed)[0]).toBe(1006);
  expect(performance.now() - began).toBeGreaterThan(850);
});

nginxTest("Host arrives with its port, and what a client says of its address does not arrive", async () => {
  const node = await openNode();
  const seen: unknown[] = [];
  node.onRequest = ({ headers }, response) => {
    seen.push([headers.host, headers["x-forwarded-for"]]);
    response.end();
  };
  const front = await start([node]);
  const claims = { "x-forwarded-for": "203.0.113.9", host: "board.example:8443" };
  for (const path of ["/boards/demo", "/page/board.js", "/boards/demo/events", "/boards/demo/poll", "/ws"]) {
    await ask(front, path, { headers: claims });
  }
  expect(seen).toEqual(Array.from({ length: 5 }, () => ["board.example:8443", "127.0.0.1"]));
});

nginxTest("a killed node is skipped, by POST too, and used again soon after it is back", async () => {
  const nodes = await openNodes(2);
  const [dead, alive] = nodes as [FakeNode, FakeNode];
  const front = await start(nodes);
  await dead.kill();
  const answers = [];
  for (const method of ["GET", "POST", "GET", "POST"]) {
    const answer = await ask(front, "/tasks", { method });
    answers.push([answer.status, String(answer.body)]);
  }
  expect(answers).toEqual(Array.from({ length: 4 }, () => [200, `${alive.port}`]));
  expect(alive.requests).toEqual(["GET /tasks", "POST /tasks", "GET /tasks", "POST /tasks"]);
  await dead.start();
  await until("it to be used", async () => {
    return String((await ask(front, "/tasks")).body) === `${dead.port}`;
  });
});

nginxTest("a request that was sent is repeated at the next node, unless it is a POST or PATCH", async () => {
  for (const method of ["GET", "PUT", "DELETE", "POST", "PATCH"]) {
    const nodes = await openNodes(2);
    for (const node of nodes) node.onRequest = ({ socket }) => socket.destroy();
    const front = await start(nodes);
    const answer = await ask(front, "/tasks/1", { method });
    const isRepeated = !["POST", "PATCH"].includes(method);
    expect([method, requestCounts(nodes)]).toEqual([method, isRepeated ? [1, 1] : [1, 0]]);
    expect(answer.status).toBe(502);
    expect(answer.headers["x-node-address"]).toBe(
      nodes
        .slice(0, isRepeated ? 2 : 1)
        .map(address)
        .join(", "),
    );
    expect(JSON.parse(String(answer.body)).error.code).toBe("unavailable");
    await front.stop();
  }
});

nginxTest("a frozen node costs a request one timeout, and then gets nothing for a while", async () => {
  const nodes = await openNodes(2);
  const [frozen, other] = nodes as [FakeNode, FakeNode];
  frozen.onRequest = () => {};
  const front = await start(nodes, { configuration: QUICK });
  const began = performance.now();
  expect(String((await ask(front, "/boards/demo")).body)).toBe(`${other.port}`);
  expect(performance.now() - began).toBeGreaterThan(280);
  for (let each = 0; each < 5; each += 1) await ask(front, "/boards/demo");
  expect(requestCounts(nodes)).toEqual([1, 6]);
});

nginxTest("a POST that a frozen node has got is answered 504, and sent to nobody else", async () => {
  const nodes = await openNodes(2);
  for (const node of nodes) node.onRequest = () => {};
  const front = await start(nodes, { configuration: QUICK });
  const answer = await ask(front, "/tasks", { method: "POST", body: "{}" });
  expect([answer.status, JSON.parse(String(answer.body)).error.code]).toEqual([504, "unavailable"]);
  expect(requestCounts(nodes)).toEqual([1, 0]);
});

nginxTest("a body that is too large is refused before a node sees it, in our shape", async () => {
  const node = await openNode();
  node.onRequest = async (request, response) => {
    let bytes = 0;
    for await (const part of request) bytes += part.length;
    response.end(`${bytes}`);
  };
  const front = await start([node]);
  const post = (bytes: number) => ask(front, "/tasks", { method: "POST", body: "x".repeat(bytes) });
  expect(String((await post(65_536)).body)).toBe("65536");
  const refused = await post(65_537);
  expect([refused.status, refused.headers["content-type"]]).toEqual([413, "application/json"]);
  expect(JSON.parse(String(refused.body)).error.code).toBe("body_too_large");
  expect(node.requests).toHaveLength(1);
  // The longest description, as it is on the wire at worst.
  const longest = JSON.stringify({ description: "\u0001".repeat(10_000) });
  expect(Buffer.byteLength(longest)).toBeLessThan(65_536);
});

nginxTest("short requests take turns; nginx says which node has answered, and not what it is", async () => {
  const nodes = await openNodes(3);
  const front = await start(nodes);
  const named: unknown[] = [];
  for (let each = 0; each < 12; each += 1) {
    const { headers } = await ask(front, "/boards/demo");
    named.push(headers["x-node-address"]);
    expect(headers.server).toBe("nginx");
  }
  expect(requestCounts(nodes)).toEqual([4, 4, 4]);
  expect(named.slice(0, 3).sort()).toEqual(nodes.map(address).sort());
});

nginxTest("connections to a node are kept for the next request", async () => {
  const node = await openNode();
  const ports = new Set<number | undefined>();
  node.onRequest = ({ socket }, response) => {
    ports.add(socket.remotePort);
    response.end();
  };
  const front = await start([node]);
  for (let each = 0; each < 20; each += 1) await ask(front, "/boards/demo");
  // Each worker has its own.
  expect(ports.size).toBeLessThan(20);
});

nginxTest("sockets go to a node with fewer, whatever worker takes them", async () => {
  const nodes = await openNodes(3);
  const front = await start(nodes);
  const openNow = () =>
    nodes.map(({ sockets }) => sockets.filter(({ readyState }) => readyState === 1).length);
  const sockets = await Promise.all(Array.from({ length: 30 }, () => openSocket(front)));
  for (const count of openNow()) expect(Math.abs(count - 10)).toBeLessThan(6);
  // All of one node leave, and most of those who come go there. Taking turns, it would have 20 of 80 in the end.
  for (const { socket, nodeAddress } of sockets) {
    if (nodeAddress === address(nodes[1] as FakeNode)) socket.close();
  }
  await until("them to leave", () => openNow()[1] === 0);
  const missing = 80 - openNow().reduce((sum, count) => sum + count, 0);
  for (let count = 0; count < missing; count += 5) {
    await Promise.all(Array.from({ length: Math.min(5, missing - count) }, () => openSocket(front)));
  }
  expect(openNow()[1]).toBeGreaterThanOrEqual(23);
});

nginxTest("a drained node gets nothing new, and its sockets live on", async () => {
  const nodes = await openNodes(2);
  const [leaving, staying] = nodes as [FakeNode, FakeNode];
  const front = await start(nodes);
  const both = [await openSocket(front), await openSocket(front)];
  expect(socketCounts(nodes)).toEqual([1, 1]);
  await front.setNodes([staying.port]);
  await Promise.all(Array.from({ length: 20 }, () => ask(front, "/boards/demo")));
  expect(requestCounts(nodes)).toEqual([1, 21]);
  await openSocket(front);
  expect(socketCounts(nodes)).toEqual([1, 2]);
  for (const { socket, messages } of both) {
    socket.send("still here");
    await until("the echo", () => messages.length === 1);
  }
  // A reload begins to count at zero: the socket that is here already does not matter.
  await front.setNodes([leaving.port, staying.port]);
  await Promise.all([openSocket(front), openSocket(front)]);
  expect(socketCounts(nodes)).toEqual([2, 3]);
});

nginxTest("changes of nodes that come together are made one after the other", async () => {
  const nodes = await openNodes(3);
  const front = await start([]);
  await Promise.all(nodes.map(({ port }) => front.setNodes([port])));
  expect(String((await ask(front, "/")).body)).toBe(`${nodes[2]?.port}`);
});

nginxTest("without any node there is a 502 in our shape", async () => {
  const front = await start([]);
  const began = performance.now();
  for (const path of ["/boards/demo", "/boards/demo/events", "/ws"]) {
    const answer = await ask(front, path);
    expect([path, answer.status]).toEqual([path, 502]);
    expect(JSON.parse(String(answer.body)).error.code).toBe("unavailable");
  }
  expect(performance.now() - began).toBeLessThan(500);
});

nginxTest("the page's code is compressed, and what the API answers is not", async () => {
  const node = await openNode();
  node.onRequest = ({ url }, response) => {
    const type = url === "/page/board.js" ? "text/javascript" : "application/json";
    response.setHeader("content-type", type).end("x".repeat(5_000));
  };
  const front = await start([node]);
  const headers = { "accept-encoding": "gzip" };
  expect(String(gunzipSync((await ask(front, "/page/board.js", { headers })).body))).toHaveLength(5_000);
  expect((await ask(front, "/boards/demo", { headers })).body).toHaveLength(5_000);
});

nginxTest("what nodes say of themselves is not for visitors", async () => {
  const [node] = await openNodes(1);
  const front = await start(node ? [node] : []);
  for (const path of ["/health", "/ready"]) {
    const { status, body } = await ask(front, path);
    expect([status, String(body)]).toEqual([
      404,
      '{"error":{"code":"not_found","message":"There is no such route."}}',
    ]);
  }
  expect(node?.requests).toEqual([]);
});

nginxTest(
  "a client without a socket comes to the same node each time, as long as that is there",
  async () => {
    const nodes = await openNodes(3);
    const front = await start(nodes);
    const nodeOf = async (method: string, lease: string) => {
      const { headers } = await ask(front, `/boards/board-1/presence/${lease}`, { method });
      return String(headers["x-node-address"]).split(", ").at(-1);
    };
    const leases = Array.from({ length: 12 }, (_, index) => `lease-${index}`);
    const first = await Promise.all(leases.map((lease) => nodeOf("PUT", lease)));
    expect(new Set(first).size).toBeGreaterThan(1);
    expect(await Promise.all(leases.map((lease) => nodeOf("DELETE", lease)))).toEqual(first);
    const [gone] = nodes;
    await gone?.kill();
    const then = await Promise.all(leases.map((lease) => nodeOf("PUT", lease)));
    const stayed = first.map((node, index) => node === then[index] || node === (gone && address(gone)));
    expect(stayed).toEqual(leases.map(() => true));
  },
);

nginxTest(
  "a node that is busy with passwords is not taken for a dead one, and no attempt is repeated",
  async () => {
    const nodes = await openNodes(2);
    const front = await start(nodes, { configuration: QUICK });
    for (const node of nodes) {
      node.onRequest = async (request, response) => {
        const parts: Buffer[] = [];
        for await (const part of request) parts.push(part);
        setTimeout(() => response.end(Buffer.concat(parts)), request.url === "/session" ? 800 : 0);
      };
    }
    const attempts = Array.from({ length: 6 }, () =>
      ask(front, "/session", { method: "POST", body: "password" }),
    );
    await until("the attempts", () => nodes.every(({ requests }) => requests.length > 0));
    const others = await Promise.all(Array.from({ length: 10 }, () => ask(front, "/boards/board-1")));
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 200));
    const answers = (await Promise.all(attempts)).map(({ status, body }) => `${status} ${body}`);
    expect(answers).toEqual(attempts.map(() => "200 password"));
    const sessions = nodes.flatMap(({ requests }) => requests).filter((each) => each.includes("/session"));
    expect(sessions).toHaveLength(6);
    // The question who somebody is, is like any other: after a while another node is asked.
    nodes.forEach((node, index) => {
      node.onRequest = (_, response) => index === 1 && response.end("nobody");
    });
    for (let each = 0; each < 2; each += 1) {
      expect(String((await ask(front, "/session")).body)).toBe("nobody");
    }
  },
);

nginxTest("nothing that nginx logs has a ticket", async () => {
  const lines: string[] = [];
  const front = await start([{ port: await freePort() }], { onLine: (line) => lines.push(line) });
  expect((await ask(front, "/ws?ticket=secret")).status).toBe(502);
  await ask(front, "/boards/demo?after=0");
  await until("the line of the other request", () => lines.some((line) => line.includes("/boards/demo")));
  expect(lines.join("\n")).not.toContain("secret");
});

nginxTest(
  "a killed nginx cuts its connections and comes back on its port; a frozen one goes on",
  async () => {
    const node = await openNode();
    const front = await start([node]);
    const { socket, messages } = await openSocket(front);
    front.freeze();
    socket.send("held");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(messages).toEqual([]);
    front.thaw();
    await until("the echo", () => messages.length === 1);
    const closed = once(socket, "close");
    await front.kill();
    expect((await closed)[0]).toBe(1006);
    const refused = connect({ port: front.port, host: "127.0.0.1" });
    expect((await once(refused, "error"))[0]).toMatchObject({ code: "ECONNREFUSED" });
    await front.start();
    expect((await ask(front, "/")).status).toBe(200);
  },
);

nginxTest(
  "a wrong configuration is one sentence, at the start and later, and the last one stays",
  async () => {
    const configuration = CONFIGURATION.replace("server_tokens off", "server_tokens perhaps");
    const error = await startNginx({ nodes: [] }, { configuration }).catch((reason) => reason);
    expect(error).toBeInstanceOf(SettingError);
    expect(error.message).toMatch(
      /^nginx cannot use its configuration: invalid value "perhaps" in .*:\d+\.$/,
    );

    const nodes = await openNodes(2);
    const [first, second] = nodes as [FakeNode, FakeNode];
    const lines: string[] = [];
    const count = (text: string) => lines.filter((line) => line.includes(text)).length;
    const front = await start([first], { onLine: (line) => lines.push(line) });
    await expect(front.setNodes([99_999])).rejects.toThrow(/^nginx cannot use its configuration: .*99999/);
    expect((await ask(front, "/")).status).toBe(200);
    await front.setNodes([second.port]);
    // As many have stopped taking connections as have begun to.
    expect(count("gracefully shutting down")).toBe(count("start worker process ") / 2);
    await Promise.all(Array.from({ length: 20 }, () => ask(front, "/")));
    expect(requestCounts(nodes)).toEqual([1, 20]);
  },
);

nginxTest("nginx waits for its port if somebody holds it for a moment", async () => {
  const node = await openNode();
  const front = await start([node]);
  await front.kill();
  const other = createServer().listen(front.port, "127.0.0.1");
  await once(other, "listening");
  const started = front.start();
  setTimeout(() => other.close(), 150);
  await started;
  expect(other.listening).toBe(false);
  expect((await ask(front, "/")).status).toBe(200);
});

nginxTest("a port that is taken is said at once", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const began = performance.now();
  await expect(startNginx({ port, nodes: [] })).rejects.toThrow(`Port ${port} is taken`);
  expect(performance.now() - began).toBeLessThan(1_000);
});
