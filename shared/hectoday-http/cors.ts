import type { RouteDescriptor, route as routeBuilders } from "./route.ts";

export interface CorsOptions {
  /** Origins that may read answers: exact strings (`"https://example.com"`), or `"*"` for all. */
  readonly origin: string | readonly string[];
  /** @default ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"] */
  readonly methods?: readonly string[];
  /** Request headers that may be sent. Without it, a preflight is answered with whatever it asked for. */
  readonly allowHeaders?: readonly string[];
  /** Response headers that scripts may read. */
  readonly exposeHeaders?: readonly string[];
  /** Whether cookies may be sent. @default false */
  readonly credentials?: boolean;
  /** How long a browser may remember a preflight, in seconds. */
  readonly maxAge?: number;
}

export interface Cors {
  /** The route that answers preflights: `OPTIONS /**` with 204. */
  preflight(route: typeof routeBuilders): RouteDescriptor;
  /** The response with CORS headers, if the request's origin is allowed. For `onResponse`. */
  headers(request: Request, response: Response): Response;
}

const DEFAULT_METHODS = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"];

/**
 * Cross-Origin Resource Sharing.
 * @throws when the options cannot work, with a sentence that says why
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function cors(options: CorsOptions): Cors {
  const {
    methods = DEFAULT_METHODS,
    allowHeaders,
    exposeHeaders = [],
    credentials = false,
    maxAge,
  } = options;
  const origins = [options.origin].flat();
  const any = origins.includes("*");
  if (origins.length === 0) throw new Error("cors: `origin` is an empty list, so nobody could be allowed");
  if (origins.includes(""))
    throw new Error("cors: `origin` is an empty string: name an origin, or leave cors out");
  if (any && credentials) {
    throw new Error(
      'cors: origin "*" with credentials is refused by every browser: name the origins instead',
    );
  }

  function allow(headers: Headers, request: Request): boolean {
    // Even a refusal depends on the origin, so a cache must not give it to another one.
    if (!any) vary(headers, "Origin");
    const origin = request.headers.get("origin");
    if (origin === null || !(any || origins.includes(origin))) return false;
    headers.set("access-control-allow-origin", any ? "*" : origin);
    if (credentials) headers.set("access-control-allow-credentials", "true");
    return true;
  }

  return {
    preflight: (route) =>
      route.options("/**", {
        resolve: ({ request }) => {
          const headers = new Headers();
          if (!allow(headers, request)) return new Response(null, { status: 204, headers });
          headers.set("access-control-allow-methods", methods.join(", "));
          const asked = request.headers.get("access-control-request-headers");
          const allowed = allowHeaders?.join(", ") ?? asked;
          if (!allowHeaders) vary(headers, "Access-Control-Request-Headers");
          if (allowed) headers.set("access-control-allow-headers", allowed);
          if (maxAge !== undefined) headers.set("access-control-max-age", String(maxAge));
          return new Response(null, { status: 204, headers });
        },
      }),

    headers(request, response) {
      const headers = new Headers(response.headers);
      const allowed = allow(headers, request);
      if (allowed && exposeHeaders.length > 0 && request.method !== "OPTIONS") {
        headers.set("access-control-expose-headers", exposeHeaders.join(", "));
      }
      return new Response(response.body, {
        status: response.status,
        statusText: response.statusText,
        headers,
      });
    },
  };
}

function vary(headers: Headers, name: string): void {
  const names = (headers.get("vary") ?? "").split(",").map((each) => each.trim().toLowerCase());
  if (!names.includes(name.toLowerCase()) && !names.includes("*")) headers.append("vary", name);
}
