// Grows ../../../chapters/06-auth/auth.ts: the same door in front of an asynchronous store, with API tokens, and several nodes.
import type { IncomingMessage } from "node:http";
import type { Context } from "@hectoday/http";
import type { ServerRequest } from "srvx";
import { type Allowances, createAllowances } from "../../../chapters/06-auth/allowances.ts";
import { isForeign } from "../../../chapters/06-auth/origin.ts";
import type { Permissions } from "../../../chapters/06-auth/permissions.ts";
import { addressKey } from "../../../chapters/06-auth/rate-limit.ts";
import { createSessionCookie } from "../../../chapters/06-auth/session-cookie.ts";
import { createTickets, type Tickets } from "../../../chapters/06-auth/tickets.ts";
import { ALONE, type RedisLink } from "../../../chapters/10-scaling/redis-link.ts";
import type { RequestFacts } from "../request-facts.ts";
import type { Store } from "../store/store.ts";
import { createCredentials, isOfToken, type Session } from "./credentials.ts";
import { createMoreLimits, type Limits } from "./limits.ts";
import { readRequest } from "./read-request.ts";
import { badToken, forbidden, foreignOrigin, notJson, notSignedIn, readOnly, tooMany } from "./refusals.ts";
import { createSessionEnds } from "./session-ends.ts";

export type { Session } from "./credentials.ts";
export { notSignedIn, tooMany } from "./refusals.ts";

export interface AuthOptions {
  readonly store: Store;
  /** How long a sign-in lasts, in milliseconds. @default 14 days */
  readonly sessionLifetimeMs?: number;
  /** @default random ones that this process remembers, for 10 s */
  readonly tickets?: Tickets;
  /** Where browsers find us, such as `https://board.example.com`, if a proxy stands in front. */
  readonly publicOrigin?: string | undefined;
  /** How often each may be done, by a user and by an address. */
  readonly limits?: Limits;
  /** @default what this process counts, within the `limits` */
  readonly allowances?: Allowances;
  /** @default the other end of the connection: the header `X-Forwarded-For` can be sent by anybody */
  readonly addressOf?: (peer: string | undefined, forwardedFor: string | null) => string;
  /** What tells other nodes that a session has ended. @default nothing */
  readonly redis?: RedisLink;
  /** How often sessions in use are looked at, in milliseconds. @default 1000 */
  readonly lookMs?: number;
  /** How many streams, sockets and open questions a user may have on this node. @default 50 */
  readonly maxHeldByUser?: number;
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** What `onRequest` finds out about a request. */
export interface Visitor {
  /** Asked anew each time: between the head of a request and the end of its body somebody may have signed out. */
  readonly session: Session | undefined;
}

export type Auth = ReturnType<typeof createAuth>;

export function createAuth(options: AuthOptions) {
  const { store, publicOrigin, limits = {}, redis = ALONE, now = Date.now } = options;
  const {
    tickets = createTickets(),
    allowances = createAllowances(limits),
    addressOf = addressKey,
  } = options;
  const { sessionLifetimeMs = 14 * 86_400_000, maxHeldByUser = 50, lookMs = 1_000 } = options;
  const credentials = createCredentials(store, sessionLifetimeMs, now);
  const ends = createSessionEnds({ credentials, maxOfUser: maxHeldByUser, redis, lookMs, now });
  const cookie = createSessionCookie(publicOrigin?.startsWith("https:") ?? false, sessionLifetimeMs);

  const more = createMoreLimits(limits);

  const stillHolds = (session: Session) => !ends.hasEnded(session.id) && session.expiresAt > now();

  function visitor(found: Session | undefined): Visitor {
    return {
      get session() {
        return found && stillHolds(found) ? found : undefined;
      },
    };
  }

  /**
   * Who sends a request. It runs before any route: a route that somebody adds and does not think about is closed.
   * @throws {Response} the refusal: a hook of the framework can answer in no other way
   */
  async function admit(request: Request, facts?: Partial<RequestFacts>): Promise<Visitor> {
    const sent = readRequest(request, cookie.read);
    // No browser adds a bearer token by itself: with one, and without a cookie, no other page can be behind it.
    const isProgram = sent.bearer !== undefined && sent.cookie === undefined;
    if (!isProgram && isForeign(sent.origin, sent.isHarmless, publicOrigin)) throw foreignOrigin();
    if (sent.hasBody && !sent.isJson) throw notJson();
    const session = await sessionOfRequest(sent);
    if (facts && session) facts.userId = session.userId;
    if (sent.isPublic) return visitor(session);
    if (!session || !stillHolds(session)) throw sent.bearer === undefined ? notSignedIn() : badToken();
    if (sent.isChange && session.scope === "read") throw readOnly();
    const { userId } = session;
    const owedMs = sent.isChange ? more.debtMs(userId) : 0;
    const waitMs = sent.isHarmless
      ? more.reads.take(userId)
      : owedMs || allowances.messages(userId, addressOfRequest(request));
    if (waitMs > 0) throw tooMany(waitMs);
    return visitor(session);
  }

  function sessionOfRequest({
    bearer,
    cookie,
  }: {
    bearer?: string | undefined;
    cookie?: string | undefined;
  }) {
    if (bearer !== undefined) return credentials.byToken(bearer);
    return cookie === undefined ? undefined : credentials.byCookie(cookie);
  }

  /**
   * Who asks for a socket: by ticket, API token or cookie. It is decided before the 101: after it, a stranger would hold a connection
   * of ours.
   * @returns a session; `"later"` for somebody who will say it in the first message; or the refusal
   */
  async function admitSocket(request: IncomingMessage): Promise<Session | "later" | Response> {
    const { headers } = request;
    const [, search = ""] = (request.url ?? "").split("?", 2);
    const query = new URLSearchParams(search);
    const ticket = query.get("ticket");
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
    if (bearer !== undefined && headers.cookie === undefined)
      return held(await credentials.byToken(bearer)) ?? notSignedIn();
    if (isForeign(headers, true, publicOrigin)) return foreignOrigin();
    if (ticket !== null) return (await redeem(ticket)) ?? notSignedIn();
    if (query.get("auth") === "message") return "later";
    // The browser has sent the cookie by itself, and a browser says which page it was. Without that, we do not know.
    if (headers.cookie !== undefined && headers.origin === undefined) return foreignOrigin();
    const token = cookie.read(headers.cookie);
    return (token === undefined ? undefined : held(await credentials.byCookie(token))) ?? notSignedIn();
  }

  /** @returns the session that a ticket stands for, if it is still there */
  async function redeem(ticket: string): Promise<Session | undefined> {
    const sessionId = await tickets.redeem(ticket);
    return sessionId === undefined ? undefined : held(await credentials.find(sessionId));
  }

  const held = (session: Session | undefined) => (session && stillHolds(session) ? session : undefined);

  function addressOfRequest(request: Request): string {
    return addressOf((request as ServerRequest).ip, request.headers.get("x-forwarded-for"));
  }

  return {
    admit,
    admitSocket,
    redeem,
    credentials,
    permissions: ends as Permissions,
    tickets,
    cookie,
    signIns: allowances.signIns,
    messages: allowances.messages,
    charge: more.charge,
    debtMs: more.debtMs,
    more,
    addressOf,
    addressOfRequest,

    /** Ends a session and everything that is open under it, here and on other nodes. */
    async end(sessionId: string): Promise<void> {
      if (!sessionId.startsWith("token:")) await store.endSession(sessionId);
      ends.endSession(sessionId);
    },

    close: () => ends.close(),
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

/**
 * For what concerns the account itself: whoever finds an API token must not be able to make himself another one.
 * @throws {Response} 403 for API tokens
 */
export function ownSessionOf(c: Pick<Context, "locals">): Session {
  const session = sessionOf(c);
  if (isOfToken(session)) throw forbidden("An API token may not do this: sign in.");
  return session;
}
