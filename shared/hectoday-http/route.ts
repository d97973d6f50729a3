import type { ZodType, z } from "zod";
import type { InputState, QueryRecord } from "./input.ts";

/** What a route's `resolve` is given. Frozen. */
export interface Context<Params = Record<string, string>, Query = QueryRecord, Body = unknown> {
  /** The request as it came, untouched (its body has been read if the route has a body schema). */
  readonly request: Request;
  /** What the schemas made of the request: check `input.ok` before you use it. */
  readonly input: InputState<Params, Query, Body>;
  /** What `onRequest` returned. */
  readonly locals: Readonly<Record<string, unknown>>;
  /** The second argument of `fetch`: whatever the platform passes along. */
  readonly env: unknown;
}

/** A schema's output, or the fallback where there is no schema (the type parameter stayed `never`). */
type Output<Schema extends ZodType, Fallback> = [Schema] extends [never] ? Fallback : z.output<Schema>;

export interface RouteConfig<
  Params extends ZodType = never,
  Query extends ZodType = never,
  Body extends ZodType = never,
> {
  readonly request?: { readonly params?: Params; readonly query?: Query; readonly body?: Body };
  /** Describes the answers by status, for documentation. Nothing is checked against it at run time. */
  readonly response?: Readonly<Record<number, ZodType>>;
  resolve(
    c: Context<Output<Params, Record<string, string>>, Output<Query, QueryRecord>, Output<Body, unknown>>,
  ): Response | Promise<Response>;
}

/** A route as data: what `setup` matches requests against. */
export interface RouteDescriptor {
  /** Upper case; `""` matches every method. */
  readonly method: string;
  readonly path: string;
  readonly config: {
    readonly request?: {
      readonly params?: ZodType;
      readonly query?: ZodType;
      readonly body?: ZodType;
    };
    readonly response?: Readonly<Record<number, ZodType>>;
    // The schemas that give the context its types are known only where the route is written, so the list of
    // all routes has to forget them.
    // biome-ignore lint/suspicious/noExplicitAny: see above
    resolve(c: Context<any, any, any>): Response | Promise<Response>;
  };
}

function describe(method: string) {
  return <Params extends ZodType = never, Query extends ZodType = never, Body extends ZodType = never>(
    path: string,
    config: RouteConfig<Params, Query, Body>,
  ): RouteDescriptor => ({ method, path, config: config as RouteDescriptor["config"] });
}

/**
 * Describes a route. Paths: `/users`, `/users/:id`, `/files/**`, `/files/**:path`.
 *
 * @example
 * route.get("/users/:id", {
 *   request: { params: z.object({ id: z.uuid() }) },
 *   resolve: (c) => (c.input.ok ? Response.json(find(c.input.params.id)) : badRequest(c.input.issues)),
 * });
 */
export const route = {
  get: describe("GET"),
  post: describe("POST"),
  put: describe("PUT"),
  patch: describe("PATCH"),
  delete: describe("DELETE"),
  head: describe("HEAD"),
  options: describe("OPTIONS"),
  all: describe(""),
};

/** Returns the routes as they are: a name for "these belong together", to be spread into `setup`. */
export function group<Routes extends readonly RouteDescriptor[]>(routes: Routes): Routes {
  return routes;
}
