import type { Boards } from "../../shared/board.ts";
import { formatCursor, type SentCursor } from "../../shared/cursor.ts";
import { Refusal } from "../../shared/refusal.ts";

/** The most events in one answer. A client that is further behind sees `more: true` and asks again at once. */
export const PAGE_SIZE = 100;

/**
 * Short polling: answers at once with the events after a cursor, as `{ events, seq, more }`, or with 304 when the
 * log has not grown since the client asked the same question. A cursor that cannot be honoured is 410.
 *
 * @param ifNoneMatch the request's `If-None-Match`: the ETag of the answer that the client has already
 */
export function answerUpdates(
  boards: Pick<Boards, "head" | "eventsAfter">,
  boardId: string,
  cursor: SentCursor,
  ifNoneMatch: string | null,
): Response {
  const head = boards.head(boardId);
  if (head instanceof Refusal) return head.toResponse();

  // Before anything else: a cursor that cannot be honoured is never "not modified".
  const page = boards.eventsAfter(boardId, cursor, PAGE_SIZE);
  if (page instanceof Refusal) return page.toResponse();

  // What `?after=7` is answered depends on the head of the log and on nothing else, so the head is its ETag.
  const etag = `"${formatCursor(head)}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(page, { headers });
}

/**
 * Compares weakly, as the header is defined: a proxy that compresses an answer turns its ETag into `W/"…"`.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = ifNoneMatch?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags?.some((tag) => tag === etag || tag === "*") ?? false;
}
