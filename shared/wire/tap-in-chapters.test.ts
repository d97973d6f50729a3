import { once } from "node:events";
import { Agent, request } from "node:http";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { formatCursor } from "../cursor.ts";
import { openDatabase } from "../database.ts";
import { seed } from "../seed.ts";
import type { Servable } from "../serve.ts";
import { startServer } from "../testing/start-server.ts";
import { until } from "../testing/until.ts";
import { listChapters } from "../tools/chapters.ts";
import { withPage } from "../web/page.ts";
import { openTap } from "./tap.ts";

/** What went over one connection, both ways. */
interface Recorded {
  up: string;
  down: string;
}

/** A proxy that only writes down what passes: with one on each side of the tap, the tap's own doing shows. */
async function startRecorder(target: number) {
  const recorded: Recorded[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const both: Recorded = { up: "", down: "" };
    recorded.push(both);
    client.on("data", (bytes) => {
      both.up += bytes.toString("latin1");
    });
    upstream.on("data", (bytes) => {
      both.down += bytes.toString("latin1");
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    // What the server says to somebody who has hung up is written down too.
    client.on("close", () => upstream.resume());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, recorded, isQuiet: () => sockets.size === 0 };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly cookie?: string | undefined;
}

/** Asks on one of the agent's connections. */
async function ask(
  agent: Agent,
  port: number,
  method: string,
  path: string,
  body?: unknown,
  cookie = "",
): Promise<Answer> {
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "content-type": "application/json", host: "bob.course.localhost:1", cookie };
  const asked = request({ agent, port, host: "127.0.0.1", method, path, headers }).end(text);
  const [response] = await once(asked, "response");
  let received = "";
  for await (const piece of response.setEncoding("utf8")) received += piece;
  const [given] = response.headers["set-cookie"] ?? [];
  return { status: response.statusCode, text: received, cookie: given?.split(";", 1)[0] };
}

/** Listens to a stream until it says a word, or to the whole answer where there is no stream. */
async function listenFor(
  word: string,
  agent: Agent,
  port: number,
  path: string,
  cookie: string,
): Promise<void> {
  const asked = request({ agent, port, host: "127.0.0.1", path, headers: { cookie } }).end();
  const [response] = await once(asked, "response");
  let received = "";
  for await (const piece of response.setEncoding("utf8")) {
    received += piece;
    if (received.includes(word)) return; // and hangs up
  }
}

/** Says it all at once, and reads until the server has finished. */
async function sayRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  socket.write(text);
  let received = "";
  for await (const piece of socket) received += piece;
  return received;
}

/** What a chapter's users do, and what their opponents do. */
async function useChapter(port: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const statuses: number[] = [];
  // Chapters without accounts have no such route, and look at no cookie.
  const credentials = { userId: "bob", password: "demo" };
  const { cookie = "" } = await ask(agent, port, "POST", "/session", credentials);
  const get = async (path: string) => {
    const answer = await ask(agent, port, "GET", path, undefined, cookie);
    statuses.push(answer.status);
    return answer;
  };
  const send = async (method: string, path: string, body?: unknown) => {
    const { status } = await ask(agent, port, method, path, body, cookie);
    statuses.push(status);
  };
  const [first] = await Promise.all([1, 2, 3, 4].map(() => get("/boards/board-1")));
  const { board, seq } = JSON.parse(first?.text ?? "");
  const after = formatCursor({ epoch: board.epoch, seq });
  await get("/");
  await send("HEAD", "/boards/board-1");
  // A chapter that can wait answers with the next change; one that cannot, at once.
  const waiting = [1, 2].map(() => get(`/boards/board-1/poll?after=${after}`));
  const listening = listenFor("cake", agent, port, `/boards/board-1/events?after=${after}`, cookie);
  const description = "sweet ".repeat(1_000);
  await send("POST", "/tasks", { id: "cake", listId: "list-todo", title: "Order the 🎂", description });
  await Promise.all([...waiting, listening]);
  await get(`/boards/board-1/updates?after=${after}`);
  await send("PATCH", "/tasks/cake", { title: "Eat the cake" });
  await send("DELETE", "/tasks/cake");
  await send("POST", "/tasks", "no JSON");
  await send("POST", "/tasks", { title: "x".repeat(300_000) });
  agent.destroy();

  const single = `GET /boards/board-1 HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n`;
  const pipelined = await sayRaw(port, `${`${single}\r\n`.repeat(5)}${single}Connection: close\r\n\r\n`);
  expect(pipelined.match(/HTTP\/1\.1 200 /g)).toHaveLength(6);
  expect(await sayRaw(port, "this is no HTTP\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  return statuses;
}

test("the bytes through the tap are the bytes without it, in every chapter", async () => {
  for (const chapter of listChapters()) {
    const { createApp } = await import(pathToFileURL(join(chapter.folder, "app.ts")).href);
    const app: Servable = createApp({ database: seed(openDatabase()) });
    const server = await startServer(withPage(app, chapter.folder));
    const behind = await startRecorder(server.port);
    const tap = await openTap({ target: behind.port });
    onTestFinished(() => tap.close());
    const before = await startRecorder(tap.port);

    const statuses = await useChapter(before.port);
    expect(statuses, chapter.name).toEqual(expect.arrayContaining([200, 201, 204, 400]));
    await until("all connections to be closed", () => before.isQuiet() && behind.isQuiet());
    expect(before.recorded.length, chapter.name).toBeGreaterThan(4);
    expect(behind.recorded, chapter.name).toEqual(before.recorded);
  }
});
