import { addRoute, createRouter, findRoute } from "rou3";
import { readInput } from "./input.ts";
import type { Context, RouteDescriptor } from "./route.ts";

type Awaitable<T> = T | Promise<T>;

export interface SetupConfig<Locals extends object = Record<string, never>> {
  readonly routes: readonly RouteDescriptor[];
  /**
   * Runs before matching. What it returns is `locals` everywhere after; if it throws, `locals` is empty there.
   * Write it above the other hooks: their types come from it.
   */
  onRequest?(event: { request: Request; env: unknown }): Awaitable<Locals | undefined>;
  /**
   * Sees every response, 404s and errors too, and returns the one to send. It may replace headers or wrap the
   * body, but must not read it: a stream may live for hours. If it throws, the response it was given is sent.
   */
  onResponse?(event: {
    request: Request;
    response: Response;
    locals: Locals;
    env: unknown;
  }): Awaitable<Response>;
  /** Turns a throw into an answer. `locals` is partial because `onRequest` may be what threw. */
  onError?(event: {
    error: Error;
    request: Request;
    locals: Partial<Locals>;
    env: unknown;
  }): Awaitable<Response>;
  onNotFound?(event: { request: Request; locals: Locals; env: unknown }): Awaitable<Response>;
  /**
   * The largest JSON body that is read, in bytes. Above it, `c.input` carries an issue with the code
   * `body_too_large`.
   * @default 1048576 (1 MiB)
   */
  readonly maxBodyBytes?: number;
}

export interface RequestOptions {
  /** @default "GET" */
  readonly method?: string;
  /** Sent as JSON, with `content-type: application/json` unless `headers` says otherwise. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Appended to the path; an array repeats its key. */
  readonly query?: Record<string, string | readonly string[]>;
}

export interface App {
  /** The handler that a server calls. Never rejects. */
  fetch(request: Request, env?: unknown): Promise<Response>;
  /** Builds a request for `path` and answers it: a test without a port. */
  request(path: string, options?: RequestOptions): Promise<Response>;
  /** The very array that was passed to `setup`. */
  readonly routes: readonly RouteDescriptor[];
}

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/**
 * Makes an app from routes and hooks. Order: `onRequest`, match, inputs, `resolve`, `onResponse`.
 * A thrown `Response` is sent as it is; any other throw goes to `onError`.
 *
 * @throws when a route's path is not a valid pattern
 */
export function setup<Locals extends object = Record<string, never>>(config: SetupConfig<Locals>): App {
  const { routes, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = config;
  const router = createRouter<RouteDescriptor>();
  for (const descriptor of routes) addRoute(router, descriptor.method, descriptor.path, descriptor);

  async function fetch(request: Request, env?: unknown): Promise<Response> {
    let locals: Locals | undefined;
    let response: Response;
    try {
      locals = (await config.onRequest?.({ request, env })) ?? undefined;
      response = await answer(request, locals ?? ({} as Locals), env);
    } catch (thrown) {
      response = await answerThrown(thrown, request, locals ?? {}, env);
    }
    return respond(request, response, locals ?? ({} as Locals), env);
  }

  function find(method: string, pathname: string) {
    const match = findRoute(router, method, pathname);
    if (method !== "HEAD" || match?.data.method === "HEAD") return match;
    return findRoute(router, "GET", pathname) ?? match;
  }

  async function answer(request: Request, locals: Locals, env: unknown): Promise<Response> {
    const { pathname } = new URL(request.url);
    const match = find(request.method, pathname);
    if (!match) {
      return (await config.onNotFound?.({ request, locals, env })) ?? json(404, { error: "Not Found" });
    }
    const { request: schemas = {}, resolve } = match.data.config;
    const input = await readInput(request, match.params ?? {}, schemas, maxBodyBytes);
    const context: Context = Object.freeze({
      request,
      input,
      locals: locals as Record<string, unknown>,
      env,
    });
    const response = await resolve(context);
    if (!response) throw new TypeError(`${request.method} ${match.data.path}: resolve returned no Response`);
    return response;
  }

  async function answerThrown(
    thrown: unknown,
    request: Request,
    locals: Partial<Locals>,
    env: unknown,
  ): Promise<Response> {
    if (thrown instanceof Response) return thrown;
    const error = thrown instanceof Error ? thrown : new Error(describe(thrown), { cause: thrown });
    if (!config.onError) {
      // Nobody else will ever see it: without this line a bug is an unexplained 500.
      // A caller who hung up in the middle of a request is not a bug.
      if (!request.signal.aborted) console.error(error);
      return json(500, { error: "Internal Server Error" });
    }
    try {
      const response = await config.onError({ error, request, locals, env });
      if (!response) throw new TypeError("onError returned no Response");
      return response;
    } catch (second) {
      console.error("onError threw while handling another error:", second, "\nThe first error:", error);
      return json(500, { error: "Internal Server Error" });
    }
  }

  async function respond(request: Request, given: Response, locals: Locals, env: unknown): Promise<Response> {
    const withBody = request.method !== "HEAD";
    const response = withBody ? given : withoutBody(given);
    if (!config.onResponse) return response;
    try {
      // No clone to fall back on: a clone tees the body, and the branch that nobody reads keeps every byte for
      // as long as the stream lives. The response itself is the fallback.
      const replaced = await config.onResponse({ request, response, locals, env });
      if (!replaced) throw new TypeError("onResponse returned no Response");
      if (replaced.body !== response.body) cancel(response);
      return withBody ? replaced : withoutBody(replaced);
    } catch (error) {
      console.error("onResponse threw; the response is sent as it was:", error);
      return response;
    }
  }

  return {
    fetch,
    request: async (path, options = {}) => fetch(buildRequest(path, options)),
    routes,
  };
}

/** A HEAD that was answered by a GET route: the same head, and the stream behind the body is ended. */
function withoutBody(response: Response): Response {
  if (!response.body) return response;
  cancel(response);
  return new Response(null, response);
}

/** Ends a body that will not be sent, so that a stream's owner can let go of its client. */
function cancel({ body }: Response): void {
  // A locked body was wrapped, and its new owner decides.
  if (!body || body.locked) return;
  body.cancel().catch((error) => console.error("Cancelling an unsent body failed:", error));
}

function buildRequest(
  path: string,
  { method = "GET", body, headers = {}, query = {} }: RequestOptions,
): Request {
  const url = new URL(path, "http://localhost");
  for (const [key, values] of Object.entries(query)) {
    for (const value of [values].flat()) url.searchParams.append(key, value);
  }
  const sent = new Headers(headers);
  // Only some methods are normalised by Request: "patch" would stay as it is, and match no route.
  method = method.toUpperCase();
  if (body === undefined) return new Request(url, { method, headers: sent });
  if (!sent.has("content-type")) sent.set("content-type", "application/json");
  return new Request(url, { method, headers: sent, body: JSON.stringify(body) });
}

/** A sentence about something that was thrown and is no error. */
function describe(thrown: unknown): string {
  return typeof thrown === "object" ? "Something that is no Error was thrown" : String(thrown);
}

function json(status: number, body: unknown): Response {
  return Response.json(body, { status });
}
