import type { LogPage } from "../../../shared/board.ts";
import { formatCursor } from "../../../shared/cursor.ts";
import type { Cursor } from "../../../shared/events.ts";

export interface Question {
  /** The cursor in the question: the last seq that the client has. */
  readonly after: number;
  /** What the log has after it. */
  readonly page: LogPage;
  /** The log's epoch, and the seq of its last event. */
  readonly head: Cursor;
  /** The request's `If-None-Match`; null when it has none. */
  readonly ifNoneMatch: string | null;
}

/**
 * The answer to `GET /boards/:boardId/updates`: the page with an ETag, or 304 when the client has it already.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export function answerUpdates({ page, head, ifNoneMatch }: Question): Response {
  // An ETag belongs to one URL, and the cursor is in the URL. All that can change is the log: its end, or all of it.
  const etag = `"${formatCursor(head)}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(page, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  // A proxy that compresses an answer makes its ETag a weak one. The comparison here is defined to overlook that.
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
