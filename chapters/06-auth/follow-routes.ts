// The routes that follow a board over HTTP, for its members: short polling, long polling, and a stream.
import { group, route } from "@hectoday/http";
import { z } from "zod";
import { CLOSE_CODES } from "../../shared/close-codes.ts";
import { afterQuery } from "../../shared/cursor.ts";
import { badInput, Refusal } from "../../shared/refusal.ts";
import { answerUpdates, PAGE_SIZE } from "../01-short-polling/updates.ts";
import { longPoll } from "../02-long-polling/long-poll.ts";
import type { createWaiters } from "../02-long-polling/waiters.ts";
import { type Auth, notSignedIn, sessionOf, tooMany, userOf } from "./auth.ts";
import type { MemberStreams } from "./member-streams.ts";
import { type MembersOnly, NO_SUCH_BOARD } from "./members-only.ts";
import type { PermissionEnd } from "./permissions.ts";

const boardParams = z.object({ boardId: z.string() });
const streamQuery = z.object({ after: z.string().optional() });

export interface FollowRoutesOptions {
  readonly members: MembersOnly;
  readonly auth: Pick<Auth, "permissions">;
  readonly streams: MemberStreams;
  readonly waiters: ReturnType<typeof createWaiters>;
  /** How long a question is kept open, in milliseconds. */
  readonly waitMs: number;
}

export function followRoutes({ members, auth, streams, waiters, waitMs }: FollowRoutesOptions) {
  return group([
    route.get("/boards/:boardId", {
      request: { params: boardParams },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const snapshot = members.readAs(userOf(c)).snapshot(c.input.params.boardId);
        if (snapshot instanceof Refusal) return snapshot.toResponse();
        return Response.json(snapshot, { headers: { "cache-control": "no-store" } });
      },
    }),

    route.get("/boards/:boardId/updates", {
      request: { params: boardParams, query: afterQuery },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { params, query } = c.input;
        const boards = members.readAs(userOf(c));
        return answerUpdates(boards, params.boardId, query.after, c.request.headers.get("if-none-match"));
      },
    }),

    route.get("/boards/:boardId/poll", {
      request: { params: boardParams, query: afterQuery },
      resolve: async (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { params, query } = c.input;
        const boards = members.readAs(userOf(c));
        if (!(await auth.permissions.mayHold(userOf(c)))) return tooMany(1_000);
        const permission = auth.permissions.hold(sessionOf(c), params.boardId);
        const { signal } = permission;
        try {
          const answer = await longPoll({
            waiter: waiters.register(params.boardId, waitMs, AbortSignal.any([c.request.signal, signal])),
            read: () => boards.eventsAfter(params.boardId, query.after, PAGE_SIZE),
          });
          return signal.aborted ? refusalFor(signal.reason) : answer;
        } finally {
          permission.release();
        }
      },
    }),

    route.get("/boards/:boardId/events", {
      request: { params: boardParams, query: streamQuery },
      resolve: (c) => {
        if (!c.input.ok) return badInput(c.input.issues);
        const { params, query } = c.input;
        if (c.request.method === "HEAD") return streams.head(sessionOf(c), params.boardId);
        const after = c.request.headers.get("last-event-id") || query.after;
        return streams.open(sessionOf(c), params.boardId, after);
      },
    }),
  ]);
}

/** What an answer says that was to be sent under a permission that has ended. */
function refusalFor({ code }: PermissionEnd): Response {
  if (code === CLOSE_CODES.notMember) return NO_SUCH_BOARD.toResponse();
  return code === CLOSE_CODES.tooMany ? tooMany(1_000) : notSignedIn();
}
