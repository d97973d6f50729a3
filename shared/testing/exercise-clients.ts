// Clients for the tests of exercises: what they send and get is written to the test's log, so that a learner whose
// answer fails sees the conversation.
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { Log } from "./exercise-test.ts";
import { waitFor } from "./exercise-test.ts";
import { openRawStream, type RawStream } from "./raw-stream.ts";

// biome-ignore lint/suspicious/noExplicitAny: each exercise has its own messages
type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed, if it is JSON; otherwise the text. */
  readonly body: Json;
}

export interface RequestOptions {
  readonly headers?: Record<string, string>;
  /** Sent as JSON. A string is sent as it is. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Sends a request and reads the whole answer.
 * @param to an app, or the URL of a server
 * @param line method and path: `POST /tasks`
 */
export async function request(
  log: Log,
  who: string,
  to: { fetch(request: Request): Response | Promise<Response> } | string,
  line: string,
  options: RequestOptions = {},
): Promise<Answer> {
  const [method = "GET", path = "/"] = line.split(" ");
  const body =
    options.body === undefined || typeof options.body === "string"
      ? options.body
      : JSON.stringify(options.body);
  const headers = {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...options.headers,
  };
  const sent = Object.entries(options.headers ?? {}).map(([name, value]) => `, ${name}: ${value}`);
  log(`${who} → ${line}${sent.join("")}${body === undefined ? "" : `  ${short(body)}`}`);
  const signal = options.signal ?? null;
  const url = typeof to === "string" ? to + path : `http://localhost${path}`;
  const wanted = new Request(url, { method, headers, body: body ?? null, signal });
  const response = await (typeof to === "string" ? fetch(wanted) : to.fetch(wanted));
  const text = await response.text();
  log(`${who} ← ${response.status}${text === "" ? "" : `  ${short(text)}`}`);
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

export interface LoggedStream extends RawStream {
  /** Waits until so many events have come, and returns all. */
  gets(count: number, withinMs?: number): Promise<RawStream["events"]>;
  /** Hangs up. */
  close(): void;
}

/**
 * Opens a stream of Server-Sent Events over a real connection.
 * @param port of the server
 */
export function openStream(
  log: Log,
  who: string,
  port: number,
  path: string,
  headers: Record<string, string> = {},
): LoggedStream {
  const sent = Object.entries(headers).map(([name, value]) => `, ${name}: ${value}`);
  log(`${who} → GET ${path}${sent.join("")}`);
  const stream = openRawStream(port, path, headers);
  let told = 0;
  stream.socket.on("data", () => {
    for (const event of stream.events.slice(told)) {
      const { id, event: type, data } = event;
      log(
        `${who} ← ${id === undefined ? "" : `id: ${id}, `}event: ${type ?? "message"}, data: ${short(data)}`,
      );
    }
    told = stream.events.length;
  });
  return Object.assign(stream, {
    async gets(count: number, withinMs?: number) {
      const what = `${who} to get ${count === 1 ? "an event" : `${count} events`} on the stream`;
      await waitFor(
        what,
        () => stream.events.length >= count,
        () => stream.events,
        withinMs,
      );
      return stream.events;
    },
    close() {
      log(`${who} hangs up`);
      stream.socket.destroy();
    },
  });
}

export interface LoggedSocket {
  readonly socket: WebSocket;
  /** All that came, in order. */
  readonly messages: Json[];
  /** Set when it is over. */
  readonly closed: { code?: number; reason?: string };
  /** The status of a refusal, instead of 101. */
  readonly refused: number | undefined;
  /** Sends JSON; a string as it is. */
  send(message: object | string): void;
  of(type: string): Json[];
  /** Waits until a message of this type has come, and returns the first that has not been returned yet. */
  gets(type: string, withinMs?: number): Promise<Json>;
  close(code?: number): void;
}

/**
 * Opens a WebSocket and waits until it is open or refused.
 * @param url `ws://127.0.0.1:PORT/ws`; `http:` is taken for `ws:`
 */
export async function openSocket(
  log: Log,
  who: string,
  url: string,
  headers: Record<string, string> = {},
): Promise<LoggedSocket> {
  const sent = Object.entries(headers).map(([name, value]) => `, ${name}: ${value}`);
  log(`${who} → opens a socket${sent.join("")}`);
  const socket = new WebSocket(url.replace(/^http/, "ws"), { headers, perMessageDeflate: false });
  onTestFinished(() => socket.terminate());
  socket.on("error", () => {});
  const messages: Json[] = [];
  const closed: LoggedSocket["closed"] = {};
  socket.on("message", (data) => {
    log(`${who} ← ${short(String(data))}`);
    messages.push(parsed(String(data)));
  });
  socket.on("close", (code, reason) => {
    log(`${who} ← closed, ${code}${reason.length === 0 ? "" : ` ${reason}`}`);
    Object.assign(closed, { code, reason: String(reason) });
  });
  let refused: number | undefined;
  let isOpen = false;
  socket.once("open", () => {
    isOpen = true;
  });
  socket.once("unexpected-response", (_request, response) => {
    refused = response.statusCode ?? 0;
    log(`${who} ← ${refused} instead of 101`);
    response.destroy();
  });
  await waitFor(`an answer to ${who}'s handshake`, () => isOpen || refused !== undefined);
  const given = new Map<string, number>();
  const of = (type: string) => messages.filter((message) => message?.type === type);
  return {
    socket,
    messages,
    closed,
    refused,
    send(message) {
      const text = typeof message === "string" ? message : JSON.stringify(message);
      log(`${who} → ${short(text)}`);
      socket.send(text);
    },
    of,
    async gets(type, withinMs) {
      const index = given.get(type) ?? 0;
      const message = await waitFor(
        `${who} to get ${type}`,
        () => of(type)[index],
        () => messages,
        withinMs,
      );
      given.set(type, index + 1);
      return message;
    },
    close(code) {
      log(`${who} closes the socket`);
      socket.close(code);
    },
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function short(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
