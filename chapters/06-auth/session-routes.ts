// Signing in and out, and tickets.
import { group, route } from "@hectoday/http";
import { z } from "zod";
import type { Database } from "../../shared/database.ts";
import { badInput, errorResponse } from "../../shared/refusal.ts";
import { type Auth, notSignedIn, sessionOf, tooMany, type Visitor } from "./auth.ts";
import { verifyPassword } from "./passwords.ts";
import { createTurns } from "./turns.ts";

const credentials = z.object({ userId: z.string().min(1).max(64), password: z.string().min(1).max(1_000) });

interface UserRow {
  readonly name: string;
  readonly hash: string | null;
}

export function sessionRoutes(auth: Auth, database: Database) {
  const { sessions, permissions, tickets, cookie, signIns } = auth;
  const userRow = database.prepare<[string], UserRow>(
    "SELECT name, password_hash AS hash FROM users WHERE id = ?",
  );

  /** Node has four threads for passwords and files together: two of them stay free for files. */
  const turns = createTurns(2, 20);

  /** A session as its user may see it. */
  function describe({ userId, expiresAt }: { userId: string; expiresAt: number }) {
    return { userId, name: userRow.get(userId)?.name, expiresAt: new Date(expiresAt).toISOString() };
  }

  return group([
    route.post("/session", {
      request: { body: credentials },
      resolve: async (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { userId, password } = c.input.body;
        // Before the password is looked at: each look costs memory and time.
        const waitMs = await signIns(userId, auth.addressOfRequest(c.request));
        if (waitMs > 0) return tooMany(waitMs);
        const user = userRow.get(userId);
        const isRight = await turns.take(() => verifyPassword(password, user?.hash ?? undefined));
        if (isRight === undefined) return errorResponse(503, "busy", "Too many are signing in: try again.");
        if (!isRight) {
          // One answer for both: who cannot sign in need not know who can.
          return errorResponse(401, "wrong_credentials", "There is no such user, or the password is wrong.");
        }
        const { session: old } = c.locals as unknown as Visitor;
        if (old) end(old.id);
        const { token, session } = sessions.create(userId);
        return Response.json(describe(session), {
          headers: { "set-cookie": cookie.give(token), ...PRIVATE },
        });
      },
    }),

    route.get("/session", {
      resolve: ({ locals }) => {
        const { session } = locals as unknown as Visitor;
        return session ? Response.json(describe(session), { headers: PRIVATE }) : notSignedIn();
      },
    }),

    route.delete("/session", {
      resolve: ({ locals }) => {
        const { session } = locals as unknown as Visitor;
        if (session) end(session.id);
        return new Response(null, { status: 204, headers: { "set-cookie": cookie.take() } });
      },
    }),

    route.post("/tickets", {
      resolve: async (c) => {
        const { id, userId } = sessionOf(c);
        const ticket = await tickets.issue(id);
        const body = { ticket, expiresInMs: tickets.lifetimeMs, userId };
        return Response.json(body, { status: 201, headers: PRIVATE });
      },
    }),
  ]);

  function end(sessionId: string): void {
    sessions.end(sessionId);
    permissions.endSession(sessionId);
  }
}

const PRIVATE = { "cache-control": "no-store" };
