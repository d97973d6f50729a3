// People who ask the app for something, in tests: without a port, and without the time that a password takes.
import { expect, onTestFinished } from "vitest";
import type { Role } from "../../board/events.ts";
import { createCapstone, type StartOptions } from "../../tests/start-capstone.ts";
import type { OpenApiDocument } from "../openapi.ts";

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
    const reply = await read(response);
    await expectDocumented(method, url.pathname, reply);
    return reply;
  }

  /** Whatever is refused anywhere in the tests has to be in the OpenAPI document. */
  async function expectDocumented(method: string, path: string, { status, said }: Reply): Promise<void> {
    if (status < 400 || status === 500) return;
    operations ??= app.fetch(new Request("http://localhost/openapi.json")).then(readOperations);
    const operation = (await operations).find(
      (each) => each.method === method.toLowerCase() && each.path.test(path),
    );
    if (operation) expect(operation.refusals, `${method} ${path}`).toContain(said);
  }
  let operations: Promise<Operation[]> | undefined;

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

interface Operation {
  readonly method: string;
  readonly path: RegExp;
  /** `404 not_found` and so on. */
  readonly refusals: readonly string[];
}

async function readOperations(response: Response): Promise<Operation[]> {
  const { paths } = (await response.json()) as OpenApiDocument;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      method,
      path: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
      refusals: Object.entries(responses).flatMap(([status, { description }]) => [
        ...String(description)
          .split(", ")
          .map((code) => `${status} ${code}`),
        status,
      ]),
    })),
  );
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") && text !== "";
  const body = isJson ? JSON.parse(text) : undefined;
  const { status, headers } = response;
  return { status, body, text, headers, said: body?.error ? `${status} ${body.error.code}` : String(status) };
}
