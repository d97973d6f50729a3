// People who ask the app for something, in tests: without a port, and without the time that a password takes.
import { onTestFinished } from "vitest";
import type { Role } from "../../board/events.ts";
import { createCapstone, type StartOptions } from "../../tests/start-capstone.ts";

/** An answer, read. */
export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each route has its own
  readonly body: any;
  readonly text: string;
  readonly headers: Headers;
  /** `404 not_found`, or the status alone. */
  readonly said: string;
}

export interface Person {
  readonly cookie: string;
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

export type Capstone = Awaited<ReturnType<typeof openCapstone>>;

/** The demo's boards, with a viewer: Alice owns `board-1`, Bob edits it, Dave looks at it, Carol is a stranger. */
export async function openCapstone(options: StartOptions = {}) {
  const { app, store, close } = await createCapstone(options);
  onTestFinished(close);
  await store.createUser({ id: "dave", name: "Dave", passwordHash: undefined });
  await join("dave", "viewer");

  async function join(userId: string, role: Role): Promise<void> {
    await store.run("alice", undefined, { type: "add_member", boardId: "board-1", userId, role });
  }

  async function send(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Reply> {
    const sent = new Headers({ host: "localhost", ...headers });
    const text = typeof body === "string" ? body : JSON.stringify(body);
    if (body !== undefined && !sent.has("content-type")) sent.set("content-type", "application/json");
    // What a connection would add.
    if (body !== undefined) sent.set("content-length", String(Buffer.byteLength(text)));
    const url = new URL(path, `http://${sent.get("host")}`);
    const response = await app.fetch(
      new Request(url, { method, headers: sent, ...(body !== undefined && { body: text }) }),
    );
    return read(response);
  }

  /** Somebody who is not signed in. */
  const nobody: Person = {
    cookie: "",
    ask: (method, path, body, headers = {}) => send(method, path, body, headers),
  };

  function withHeaders(always: Record<string, string>): Person {
    return {
      cookie: always.cookie ?? "",
      ask: (method, path, body, headers = {}) => send(method, path, body, { ...always, ...headers }),
    };
  }

  /** Somebody who has signed in just now. */
  async function signedIn(userId: string): Promise<Person> {
    const { token } = await app.auth.credentials.create(userId);
    return withHeaders({ cookie: app.auth.cookie.give(token).split(";", 1)[0] ?? "" });
  }

  return { app, store, nobody, signedIn, withHeaders };
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") && text !== "";
  const body = isJson ? JSON.parse(text) : undefined;
  const { status, headers } = response;
  return { status, body, text, headers, said: body?.error ? `${status} ${body.error.code}` : String(status) };
}
