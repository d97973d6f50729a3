// Those who change the board in a soak, and note what they were told about each change.
import { WebSocket } from "ws";
import { shouldComeBack } from "../../../shared/close-codes.ts";
import type { Write } from "../../../shared/testing/history.ts";
import { createCommandQueue } from "../command-queue.ts";
import type { Answer } from "../idempotency.ts";
import type { ServerMessage } from "../messages.ts";
import { createReconnectingSocket } from "../reconnecting-socket.ts";
import { soakAddress } from "./soak-address.ts";

/** How a writer insists: not at all, by requests with a key, or by commands on a socket. */
export type Insistence = "once" | "key" | "socket";

export interface WriterOptions {
  readonly name: string;
  readonly userId: string;
  readonly insistence: Insistence;
  readonly baseUrl: string;
  readonly cookie: string;
  /** From 0 to 1. */
  readonly random: () => number;
}

export function startWriter({ name, userId, insistence, baseUrl, cookie, random }: WriterOptions) {
  const headers = { cookie, "x-user": name };
  const writes: Write[] = [];
  const mine: string[] = [];
  let isStopped = false;
  let isGivenUp = false;
  let count = 0;
  const queue = insistence === "socket" ? openQueue() : undefined;

  /** A request. @returns undefined for one without an answer, or with one that says nothing about the change */
  async function request(
    method: string,
    path: string,
    body?: object,
    key?: string,
  ): Promise<Answer | undefined> {
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(1_500) };
    if (body) {
      init.headers = {
        ...headers,
        "content-type": "application/json",
        ...(key && { "idempotency-key": key }),
      };
      init.body = JSON.stringify(body);
    }
    try {
      const response = await fetch(`${baseUrl}${path}`, init);
      const text = await response.text();
      if (response.status >= 500) return undefined;
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    } catch {
      return undefined;
    }
  }

  /** With a key: until there is an answer. */
  async function insist(method: string, path: string, body: object): Promise<Answer | undefined> {
    const key = insistence === "key" ? crypto.randomUUID() : undefined;
    for (;;) {
      const answer = await request(method, path, body, key);
      if (answer || key === undefined || isGivenUp) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function write(): Promise<void> {
    count += 1;
    const mark = `${name} ${count}`;
    const startedAt = Date.now();
    const changed = mine.length > 2 && random() < 0.4 ? mine[Math.floor(random() * mine.length)] : undefined;
    // Some are large: a slow reader is still being sent the past while the present goes on.
    const description = "x".repeat(random() < 0.3 ? 9_000 * random() : 0);
    const task = { listId: "list-todo", title: mark, description };
    let answer: Answer | undefined;
    if (queue) {
      answer = await queue
        .add(
          changed
            ? { type: "update_task", taskId: changed, change: { title: mark } }
            : { type: "create_task", task },
        )
        .catch(() => undefined);
    } else {
      answer = changed
        ? await insist("PATCH", `/tasks/${changed}`, { title: mark })
        : await insist("POST", "/tasks", task);
    }
    const isDone = answer !== undefined && answer.status < 300;
    if (answer && isDone && !changed) mine.push((answer.body as { id: string }).id);
    writes.push({
      mark,
      userId,
      startedAt,
      endedAt: answer ? Date.now() : undefined,
      mustBeAnswered: insistence !== "once",
      outcome: isDone ? "acknowledged" : answer ? "failed" : "unknown",
    });
  }

  /** Moves and deletions have no text to be found again by. They make the boards differ, if something is wrong. */
  async function shuffle(): Promise<void> {
    const index = Math.floor(random() * mine.length);
    const [taskId] = random() < 0.3 ? mine.splice(index, 1) : [];
    if (taskId) await request("DELETE", `/tasks/${taskId}`);
    else await request("PATCH", `/tasks/${mine[index]}/move`, { listId: "list-doing" });
  }

  function openQueue() {
    const opened = createCommandQueue({
      send: (message) => socket.send(JSON.stringify(message)),
      onSize: () => {},
      paceMs: 5,
    });
    const socket = createReconnectingSocket({
      address: soakAddress(baseUrl, headers),
      shouldComeBack,
      WebSocket: class extends WebSocket {
        constructor(url: string | URL) {
          super(url, { headers });
        }
      } as unknown as typeof globalThis.WebSocket,
      backoff: { maxMs: 500 },
      onState: (state) => {
        if (state === "open") opened.onOpen();
      },
      onMessage(text) {
        const message: ServerMessage = JSON.parse(text);
        if (message.type === "answer") opened.onAnswer(message);
        if (message.type === "heartbeat") {
          socket.expectEvery(message.everyMs);
          opened.onHeartbeat();
        }
      },
    });
    return {
      add: opened.add,
      end(): void {
        opened.end("The soak is over.");
        socket.stop();
      },
    };
  }

  async function run(): Promise<void> {
    const underWay = new Set<Promise<void>>();
    while (!isStopped) {
      const writing = write().finally(() => underWay.delete(writing));
      underWay.add(writing);
      // On a socket a user does not wait for one answer before the next change.
      if (!queue || underWay.size >= 5) await Promise.race(underWay);
      if (!queue && mine.length > 0 && random() < 0.2) await shuffle();
      await new Promise((resolve) => setTimeout(resolve, 20 + 80 * random()));
    }
    await Promise.all(underWay);
  }
  const running = run();

  return {
    /** Begins nothing new, and waits for what is under way. @returns what was written */
    async stop(patienceMs: number): Promise<Write[]> {
      isStopped = true;
      const patience = setTimeout(() => {
        isGivenUp = true;
        queue?.end();
      }, patienceMs);
      await running;
      clearTimeout(patience);
      queue?.end();
      return writes;
    },
  };
}
