// A server without a network, for the tests of the client: the real store, and around it just enough of the API. The network between
// can be broken in every way that a client has to live with.
import { onTestFinished } from "vitest";
import { openDatabase } from "../../../../shared/database.ts";
import { Refusal } from "../../../../shared/refusal.ts";
import type { Answer, Command } from "../../../board/commands.ts";
import type { BoardEvent } from "../../../board/events.ts";
import { seedDemo } from "../../../server/store/demo-board.ts";
import { openSqliteStore } from "../../../server/store/sqlite-store.ts";
import { type ModelSocket, modelSocketFor } from "./model-socket.ts";
import { commandOf } from "./routes-of-model.ts";

export interface Network {
  /** Nobody gets through. */
  isDown: boolean;
  /** Sockets are refused, and streams, and open questions: each alone. */
  hasSockets: boolean;
  hasStreams: boolean;
  hasLongPolls: boolean;
  /** What is sent is never answered, and nobody is told. */
  isFrozen: boolean;
  /** Whether the answer to a command gets lost, after the command was carried out. */
  losesAnswer(): boolean;
  /** What the server says instead of carrying a command out. */
  refuses(): number | undefined;
  /** Whether a stream or socket sends an event twice. */
  repeats(): boolean;
  /** Whether it leaves one out. */
  drops(): boolean;
  /** How long something is under way, in milliseconds. */
  delayMs(): number;
}

export type ModelServer = Awaited<ReturnType<typeof startModelServer>>;

export async function startModelServer(heartbeatMs = 100) {
  const database = openDatabase(":memory:");
  const store = openSqliteStore({ database });
  await seedDemo(store, database);
  const network: Network = {
    isDown: false,
    hasSockets: true,
    hasStreams: true,
    hasLongPolls: true,
    isFrozen: false,
    losesAnswer: () => false,
    refuses: () => undefined,
    repeats: () => false,
    drops: () => false,
    delayMs: () => 0,
  };
  const sockets = new Set<ModelSocket>();
  const streams = new Set<() => void>();
  const waiting = new Set<() => void>();
  /** Every request, as `alice GET /boards/board-1`. */
  const requests: string[] = [];
  /** How often each key was carried out, or answered from memory. */
  const runs = new Map<string, number>();
  store.onCommit(() => {
    for (const wake of waiting) wake();
  });
  const pause = () => new Promise((resolve) => setTimeout(resolve, network.delayMs()));

  async function runCommand(
    userId: string,
    key: string | undefined,
    command: Command,
  ): Promise<Answer | undefined> {
    const refused = network.refuses();
    if (refused !== undefined)
      return { status: refused, body: { error: { code: "busy", message: "Busy." } } };
    if (key) runs.set(key, (runs.get(key) ?? 0) + 1);
    const answer = await store.run(userId, key, command);
    return network.losesAnswer() ? undefined : answer;
  }

  function fetchAs(userId: string | (() => string)): typeof fetch {
    return async (input, init) => {
      const request = new Request(new URL(String(input), "http://model"), { ...init, keepalive: false });
      const { method } = request;
      const { pathname } = new URL(request.url);
      const user = typeof userId === "string" ? userId : userId();
      requests.push(`${user} ${method} ${pathname}`);
      const aborted = new Promise<never>((_, reject) => {
        request.signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
        if (request.signal.aborted) reject(new Error("aborted"));
      });
      aborted.catch(() => {});
      await Promise.race([pause(), aborted]);
      if (network.isDown) throw new TypeError("fetch failed");
      if (network.isFrozen) return aborted;
      const response = await Promise.race([answer(user, request), aborted]);
      await Promise.race([pause(), aborted]);
      if (network.isDown) throw new TypeError("fetch failed");
      if (network.isFrozen) return aborted;
      return response;
    };
  }

  async function answer(userId: string, request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (userId === "") return refused(401, "not_signed_in");
    if (pathname === "/session") return Response.json({ userId });
    const [, , boardId = "", what] = pathname.split("/");
    if (what === "presence" && request.method === "PUT")
      return Response.json({ users: [userId], typing: [] });
    if (request.method !== "GET") return change(userId, request, pathname);
    if ((await store.roleOf(userId, boardId)) === undefined) return refused(404, "not_found");
    if (what === undefined) return Response.json(await store.snapshot(boardId));
    const [epoch = "", seq] = (searchParams.get("after") ?? "").split(":");
    const cursor = { epoch, seq: Number(seq) };
    if (what === "events")
      return network.hasStreams ? stream(boardId, cursor, request.signal) : refused(403, "proxy");
    if (what === "poll" && !network.hasLongPolls) return refused(403, "proxy");
    const page = await store.eventsAfter(boardId, cursor, 20);
    if (page instanceof Refusal) return page.toResponse();
    if (what === "updates" || page.events.length > 0) return Response.json(page);
    await new Promise<void>((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
      setTimeout(wake, 200).unref();
    });
    const next = await store.eventsAfter(boardId, cursor, 20);
    return next instanceof Refusal ? next.toResponse() : Response.json(next);
  }

  async function change(userId: string, request: Request, path: string): Promise<Response> {
    const text = await request.text();
    const command = commandOf(request.method, path, text === "" ? undefined : JSON.parse(text));
    if (!command) return new Response(null, { status: 204 });
    const done = await runCommand(userId, request.headers.get("idempotency-key") ?? undefined, command);
    if (!done) throw new TypeError("fetch failed");
    const headers: Record<string, string> = done.seq === undefined ? {} : { "board-seq": String(done.seq) };
    if (done.body === undefined) return new Response(null, { status: done.status, headers });
    return Response.json(done.body, { status: done.status, headers });
  }

  function stream(boardId: string, cursor: { epoch: string; seq: number }, signal: AbortSignal): Response {
    let { seq } = cursor;
    let isOpen = true;
    const encoder = new TextEncoder();
    let end = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        let chain = Promise.resolve();
        const enqueue = (text: string) => {
          if (isOpen && !network.isFrozen) controller.enqueue(encoder.encode(text));
        };
        const send = (text: string) => {
          chain = chain.then(pause).then(() => enqueue(text));
        };
        const read = async () => {
          const page = await store.eventsAfter(boardId, { ...cursor, seq }, 1_000);
          if (page instanceof Refusal) return send(`event: reset\ndata: {"reason":"gone","seq":0}\n\n`);
          for (const event of page.events) if (event.seq > seq) sendEvent(event);
        };
        const sendEvent = (event: BoardEvent) => {
          seq = event.seq;
          if (network.drops()) return;
          const text = `id: ${cursor.epoch}:${seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
          send(text);
          if (network.repeats()) send(text);
        };
        const wake = () => void read();
        const timer = setInterval(() => send(": heartbeat\n\n"), heartbeatMs);
        end = () => {
          if (!isOpen) return;
          isOpen = false;
          clearInterval(timer);
          waiting.delete(wake);
          streams.delete(end);
          try {
            controller.error(new Error("cut"));
          } catch {}
        };
        signal.addEventListener("abort", end);
        streams.add(end);
        waiting.add(wake);
        send("retry: 1000\n\n");
        void read();
      },
      cancel: () => end(),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  function cut(): void {
    for (const socket of [...sockets]) socket.cut();
    for (const end of [...streams]) end();
  }

  onTestFinished(async () => {
    cut();
    await store.close();
  });

  return {
    store,
    network,
    requests,
    runs,
    fetchAs,
    WebSocketAs: (userId: string) =>
      modelSocketFor({ store, network, sockets, runCommand, pause, heartbeatMs }, userId),
    /** Ends every connection at once. */
    cut,
    /** Ends every socket with a code. */
    closeSockets: (code: number) => {
      for (const socket of [...sockets]) socket.closeWith(code);
    },
    get connections() {
      return { sockets: sockets.size, streams: streams.size };
    },
  };
}

function refused(status: number, code: string): Response {
  return Response.json({ error: { code, message: `No: ${code}.` } }, { status });
}
