// The door: every request and every socket comes past here, and whoever may not come in gets no further.
import type { IncomingMessage } from "node:http";
import type { Context } from "@hectoday/http";
import type { ServerRequest } from "srvx";
import type { Database } from "../../shared/database.ts";
import { errorResponse } from "../../shared/refusal.ts";
import { type Allowances, createAllowances, type LimitSettings } from "./allowances.ts";
import { isForeign } from "./origin.ts";
import { createPermissions } from "./permissions.ts";
import { addressKey } from "./rate-limit.ts";
import { createSessionCookie } from "./session-cookie.ts";
import { createSessions, type Session } from "./sessions.ts";
import { createTickets, type Tickets } from "./tickets.ts";

export interface AuthOptions {
  readonly database: Database;
  /** How long a sign-in lasts, in milliseconds. @default 12 hours */
  readonly sessionLifetimeMs?: number;
  /** @default random ones that this process remembers, for 10 s */
  readonly tickets?: Tickets;
  /** Where browsers find us, such as `https://board.example.com`, if a proxy stands in front. */
  readonly publicOrigin?: string | undefined;
  /** How often each may be done, by a user and by an address. */
  readonly limits?: LimitSettings;
  /** @default what this process counts, within the `limits` */
  readonly allowances?: Allowances;
  /**
   * Where somebody is, from the other end of their connection and the header `X-Forwarded-For`.
   * @default the other end: the header can be sent by anybody
   */
  readonly addressOf?: (peer: string | undefined, forwardedFor: string | null) => string;
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** How many streams, sockets and open questions a user may have. */
export const MAX_HELD_BY_USER = 50;

/** What `onRequest` finds out about a request. */
export interface Visitor {
  /** Asked anew each time: between the head of a request and the end of its body somebody may have signed out. */
  readonly session: Session | undefined;
}

export type Auth = ReturnType<typeof createAuth>;

export function createAuth({
  database,
  sessionLifetimeMs,
  tickets = createTickets(),
  publicOrigin,
  limits = {},
  allowances = createAllowances(limits),
  addressOf = addressKey,
  now = Date.now,
}: AuthOptions) {
  const sessions = createSessions(database, sessionLifetimeMs, now);
  const permissions = createPermissions(sessions, MAX_HELD_BY_USER, now);
  const cookie = createSessionCookie(publicOrigin?.startsWith("https:") ?? false, sessions.lifetimeMs);
  const { signIns, messages } = allowances;

  function sessionIn(cookies: string | null | undefined): Session | undefined {
    const token = cookie.read(cookies);
    return token === undefined ? undefined : sessions.find(token);
  }

  function visitor(found: Session | undefined): Visitor {
    return {
      get session() {
        return found && sessions.get(found.id);
      },
    };
  }

  /**
   * Who sends a request. It runs before any route: a route that somebody adds and does not think about is closed.
   * @throws {Response} the refusal: a hook of the framework can answer in no other way
   */
  function admit(request: Request): Visitor {
    const { headers, method } = request;
    const url = new URL(request.url);
    const isHarmless = method === "GET" || method === "HEAD";
    const sent = {
      host: headers.get("host") ?? url.host,
      origin: headers.get("origin") ?? undefined,
      "sec-fetch-site": headers.get("sec-fetch-site") ?? undefined,
    };
    if (isForeign(sent, isHarmless, publicOrigin)) throw foreignOrigin();
    // A form on another page can send a body of any other type, without asking first.
    const hasBody = headers.has("transfer-encoding") || Number(headers.get("content-length")) > 0;
    if (hasBody && !/^application\/json\b/i.test(headers.get("content-type") ?? "")) {
      throw errorResponse(415, "not_json", "Send the body as application/json.");
    }
    const session = sessionIn(headers.get("cookie"));
    if (url.pathname === "/session") return visitor(session);
    if (!session) throw notSignedIn();
    const waitMs = isHarmless ? 0 : messages(session.userId, addressOfRequest(request));
    if (waitMs > 0) throw tooMany(waitMs);
    return visitor(session);
  }

  /**
   * Who asks for a socket, by ticket or by cookie. It is decided before the 101: after it, a stranger would hold a
   * connection of ours.
   * @returns a session; `"later"` for somebody who will say it in the first message; or the refusal
   */
  async function admitSocket(request: IncomingMessage): Promise<Session | "later" | Response> {
    const { headers } = request;
    const [, search = ""] = (request.url ?? "").split("?", 2);
    const query = new URLSearchParams(search);
    const ticket = query.get("ticket");
    if (isForeign(headers, true, publicOrigin)) return foreignOrigin();
    if (ticket !== null) return (await redeem(ticket)) ?? notSignedIn();
    if (query.get("auth") === "message") return "later";
    // The browser has sent the cookie by itself, and a browser says which page it was. Without that, we do not know.
    if (headers.cookie !== undefined && headers.origin === undefined) return foreignOrigin();
    return sessionIn(headers.cookie) ?? notSignedIn();
  }

  /** @returns the session that a ticket stands for, if it is still there */
  async function redeem(ticket: string): Promise<Session | undefined> {
    const sessionId = await tickets.redeem(ticket);
    return sessionId === undefined ? undefined : sessions.get(sessionId);
  }

  function addressOfRequest(request: Request): string {
    return addressOf((request as ServerRequest).ip, request.headers.get("x-forwarded-for"));
  }

  return {
    admit,
    admitSocket,
    redeem,
    sessions,
    permissions,
    tickets,
    cookie,
    signIns,
    messages,
    addressOf,
    addressOfRequest,
  };
}

/**
 * The session of a request that has come past the door.
 * @throws {Response} 401, when it has ended since
 */
export function sessionOf({ locals }: Pick<Context, "locals">): Session {
  const { session } = locals as Partial<Visitor>;
  if (!session) throw notSignedIn();
  return session;
}

export function userOf(c: Pick<Context, "locals">): string {
  return sessionOf(c).userId;
}

export function notSignedIn(): Response {
  return errorResponse(401, "not_signed_in", "Sign in first.");
}

function foreignOrigin(): Response {
  return errorResponse(403, "foreign_origin", "Only pages of this server may ask for this.");
}

export function tooMany(waitMs: number): Response {
  const response = errorResponse(429, "too_many", `Too often: try again in ${Math.ceil(waitMs / 1_000)} s.`);
  response.headers.set("retry-after", String(Math.ceil(waitMs / 1_000)));
  return response;
}
