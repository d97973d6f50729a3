// Grows ../../../chapters/06-auth/follow-routes.ts and ../../../chapters/01-short-polling/updates.ts: four ways to follow a board,
// over an asynchronous store.
import { route } from "@hectoday/http";
import { z } from "zod";
import { NO_SUCH_BOARD } from "../../../chapters/06-auth/members-only.ts";
import { afterQuery, formatCursor, type SentCursor } from "../../../shared/cursor.ts";
import { badInput, errorResponse, Refusal } from "../../../shared/refusal.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { type Auth, sessionOf } from "../auth/auth.ts";
import type { Live } from "../live/live.ts";
import { boardParams, events, nothing } from "../schemas.ts";
import type { Store } from "../store/store.ts";
import { compressed, cutIfStalled } from "./large-answer.ts";
import { refuseUnlessMember } from "./membership.ts";

/** The most events in one answer. A client that is further behind sees `more: true` and asks again at once. */
const PAGE_SIZE = 100;

export function followRoutes(
  store: Store,
  auth: Pick<Auth, "charge">,
  live: Pick<Live, "openStream" | "longPoll">,
): ApiRoute[] {
  return [
    documented(
      route.get("/boards/:boardId/updates", {
        request: { params: boardParams, query: afterQuery },
        response: { 200: events, 304: nothing },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          const { userId } = sessionOf(c);
          const refused = await refuseUnlessMember(store, userId, boardId);
          if (refused) return refused;
          const charge = (bytes: number) => auth.charge(userId, bytes);
          return answerUpdates(store, boardId, c.input.query.after, c.request, charge);
        },
      }),
      {
        summary: "Ask for the events after a cursor (short polling)",
        details: "With the last answer's `ETag` as `If-None-Match`: 304 when nothing is new.",
        tag: "Following",
        refusals: { 410: "cursor_gone" },
      },
    ),

    documented(
      route.get("/boards/:boardId/poll", {
        request: { params: boardParams, query: afterQuery },
        response: { 200: events, 204: nothing },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          const { after } = c.input.query;
          const answer = await live.longPoll(sessionOf(c), boardId, after, c.request.signal);
          cutIfStalled(c.request);
          return answer;
        },
      }),
      {
        summary: "Wait for the events after a cursor (long polling)",
        details: "The answer comes when there are some. 204 when nothing has happened for a while.",
        tag: "Following",
        refusals: { 410: "cursor_gone", 503: "busy" },
      },
    ),

    documented(
      route.get("/boards/:boardId/events", {
        request: {
          params: boardParams,
          query: z.object({
            after: z.string().optional().describe("A cursor; the header Last-Event-ID goes before it"),
          }),
        },
        response: { 200: z.string() },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { boardId } = c.input.params;
          const after = c.request.headers.get("last-event-id") ?? c.input.query.after;
          return live.openStream(sessionOf(c), boardId, after, c.request);
        },
      }),
      {
        summary: "Follow a board (Server-Sent Events)",
        details:
          "Each event has its cursor as `id:`. Without a cursor the stream begins with what happens next. `event: reset`: the cursor could not be honoured, get the board again. `event: end` says why the server ends the stream, `{ code, reason }`: below 4400 come back (1012 is a restart), from 4400 on do not (you are signed out, or no member any more).",
        tag: "Following",
        refusals: { 503: "busy" },
        media: { 200: "text/event-stream" },
      },
    ),

    documented(
      route.get("/ws", {
        response: { 101: nothing },
        resolve: () => {
          const response = errorResponse(426, "upgrade_required", "Ask for a WebSocket here.");
          response.headers.set("upgrade", "websocket");
          return response;
        },
      }),
      {
        summary: "Open a WebSocket",
        details:
          'With the cookie, a bearer token, or `?ticket=…` of `POST /tickets`. Then send `{"type":"join","boardId":"…","after":"epoch:seq"}`; commands are sent with a `key`, and answered with it.',
        tag: "Following",
        access: "anybody",
        refusals: {
          401: "not_signed_in, bad_token",
          403: "foreign_origin",
          426: "upgrade_required",
          503: "busy",
        },
      },
    ),
  ];
}

async function answerUpdates(
  store: Store,
  boardId: string,
  cursor: SentCursor,
  request: Request,
  charge: (bytes: number) => void,
): Promise<Response> {
  const head = await store.head(boardId);
  if (!head) return NO_SUCH_BOARD.toResponse();
  // A cursor that cannot be honoured is never "not modified".
  const page = await store.eventsAfter(boardId, cursor, PAGE_SIZE);
  if (page instanceof Refusal) return page.toResponse();
  // How far the answer goes, and not the log: there may be more than one answer has room for.
  const tag = `"${formatCursor({ epoch: head.epoch, seq: page.seq })}"`;
  // Weak: an answer that was compressed says the same in other bytes.
  const headers = { etag: `W/${tag}`, "cache-control": "no-cache", vary: "accept-encoding" };
  if (page.events.length === 0 && matches(request.headers.get("if-none-match"), tag)) {
    return new Response(null, { status: 304, headers });
  }
  return compressed(request, page, charge, headers);
}

/**
 * Compares weakly, as the header is defined.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
function matches(ifNoneMatch: string | null, wanted: string): boolean {
  const tags = ifNoneMatch?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags?.some((tag) => tag === wanted || tag === "*") ?? false;
}
