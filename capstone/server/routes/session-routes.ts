// Grows ../../../chapters/06-auth/session-routes.ts: signing in and out over an asynchronous store; and with one click in the demo.
import { route } from "@hectoday/http";
import { z } from "zod";
import { verifyPassword } from "../../../chapters/06-auth/passwords.ts";
import { answerNotFound, badInput, errorResponse } from "../../../shared/refusal.ts";
import { USERS } from "../../../shared/seed.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { type Auth, notSignedIn, ownSessionOf, sessionOf, tooMany, type Visitor } from "../auth/auth.ts";
import { isOfToken, type Session } from "../auth/credentials.ts";
import { isDemoPassword, isFromHere } from "../auth/demo.ts";
import type { PasswordTurns } from "../auth/password-turns.ts";
import { json, noContent } from "../json.ts";
import { nothing, session } from "../schemas.ts";
import type { Store } from "../store/store.ts";

const credentials = z.strictObject({
  userId: z.string().min(1).max(64),
  password: z.string().min(1).max(1_000),
});

export interface SessionRouteOptions {
  readonly store: Store;
  readonly auth: Auth;
  readonly turns: PasswordTurns;
  /** Whether there are demo users who sign in with one click. */
  readonly isDemo: boolean;
}

export function sessionRoutes({ store, auth, turns, isDemo }: SessionRouteOptions): ApiRoute[] {
  /** Elsewhere there is no demo: the same answer as for any route that does not exist. */
  const hasDemo = (request: Request) => isDemo && isFromHere(request);

  return [
    documented(
      route.post("/session", {
        request: { body: credentials },
        response: { 200: session },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { userId, password } = c.input.body;
          // Before the password is looked at: each look costs memory and time.
          const waitMs = await auth.signIns(userId, auth.addressOfRequest(c.request));
          if (waitMs > 0) return tooMany(waitMs);
          const user = await store.user(userId);
          // What stands in the documentation is no secret.
          const isUsable = !isDemoPassword(user?.passwordHash) || hasDemo(c.request);
          const stored = isUsable ? user?.passwordHash : undefined;
          const isRight = await turns.take(() => verifyPassword(password, stored));
          if (isRight === undefined) return tooBusy();
          if (!isRight) {
            // One answer for both: who cannot sign in need not know who can.
            return errorResponse(
              401,
              "wrong_credentials",
              "There is no such user, or the password is wrong.",
            );
          }
          return begin(store, auth, c.locals as unknown as Visitor, userId);
        },
      }),
      {
        summary: "Sign in",
        details: "The answer sets a cookie. Programs use API tokens instead.",
        tag: "Accounts",
        access: "anybody",
        refusals: { 401: "wrong_credentials", 503: "busy" },
      },
    ),

    documented(
      route.get("/session", {
        response: { 200: session },
        resolve: async ({ locals }) => {
          const { session } = locals as unknown as Visitor;
          return session ? json(await describe(store, session), 200, PRIVATE) : notSignedIn();
        },
      }),
      { summary: "See who you are", tag: "Accounts", access: "anybody", refusals: { 401: "not_signed_in" } },
    ),

    documented(
      route.delete("/session", {
        response: { 204: nothing },
        resolve: async ({ locals }) => {
          const { session } = locals as unknown as Visitor;
          if (session && !isOfToken(session)) await auth.end(session.id);
          return noContent({ "set-cookie": auth.cookie.take() });
        },
      }),
      {
        summary: "Sign out",
        details: "Ends everything that is open under this session, on all nodes.",
        tag: "Accounts",
        access: "anybody",
      },
    ),

    documented(
      route.delete("/sessions", {
        response: { 204: nothing },
        resolve: async (c) => {
          const { id, userId } = ownSessionOf(c);
          for (const other of await store.endOtherSessions(userId, id)) auth.permissions.endSession(other);
          await auth.end(id);
          return noContent({ "set-cookie": auth.cookie.take() });
        },
      }),
      {
        summary: "Sign out everywhere",
        details: "Ends all your sessions, this one too. API tokens stay.",
        tag: "Accounts",
        access: "session",
      },
    ),

    documented(
      route.post("/tickets", {
        response: { 201: z.object({ ticket: z.string(), expiresInMs: z.int(), userId: z.string() }) },
        resolve: async (c) => {
          const { id, userId } = sessionOf(c);
          const ticket = await auth.tickets.issue(id);
          return json({ ticket, expiresInMs: auth.tickets.lifetimeMs, userId }, 201, PRIVATE);
        },
      }),
      {
        summary: "Get a ticket for a socket",
        details:
          "It opens one WebSocket, within seconds: for clients that can send neither cookie nor header.",
        tag: "Accounts",
      },
    ),

    documented(
      route.get("/demo-users", {
        response: { 200: z.array(z.object({ userId: z.string(), name: z.string() })) },
        resolve: async ({ request }) => {
          if (!hasDemo(request)) return answerNotFound();
          const users = await Promise.all(USERS.map(({ id }) => store.user(id)));
          return json(users.flatMap((user) => (user ? [{ userId: user.id, name: user.name }] : [])));
        },
      }),
      {
        summary: "List the demo users",
        details:
          "On a server for trying things out, and from its own machine. Elsewhere there is no such route.",
        tag: "Accounts",
        access: "anybody",
        refusals: { 404: "not_found" },
      },
    ),

    documented(
      route.post("/session/demo", {
        request: { body: z.strictObject({ userId: z.string().min(1).max(64) }) },
        response: { 200: session },
        resolve: async (c) => {
          if (!hasDemo(c.request)) return answerNotFound();
          if (!c.input.ok) return badInput(c.input.issues);
          const { userId } = c.input.body;
          const isDemoUser = USERS.some(({ id }) => id === userId) && (await store.user(userId));
          if (!isDemoUser) return errorResponse(404, "not_found", "There is no such demo user.");
          return begin(store, auth, c.locals as unknown as Visitor, userId);
        },
      }),
      {
        summary: "Sign in as a demo user",
        tag: "Accounts",
        access: "anybody",
        refusals: { 404: "not_found" },
      },
    ),
  ];
}

/** Signs in: the session that was there before is over. */
export async function begin(
  store: Store,
  auth: Auth,
  { session: old }: Visitor,
  userId: string,
  status = 200,
): Promise<Response> {
  if (old && !isOfToken(old)) await auth.end(old.id);
  const { token, session } = await auth.credentials.create(userId);
  return json(await describe(store, session), status, { "set-cookie": auth.cookie.give(token), ...PRIVATE });
}

export function tooBusy(): Response {
  return errorResponse(503, "busy", "Too many are signing in: try again.");
}

/** A session as its user may see it. */
async function describe(store: Store, { userId, expiresAt }: Session) {
  const name = (await store.user(userId))?.name ?? userId;
  return { userId, name, expiresAt: Number.isFinite(expiresAt) ? new Date(expiresAt).toISOString() : null };
}

const PRIVATE = { "cache-control": "no-store" };
