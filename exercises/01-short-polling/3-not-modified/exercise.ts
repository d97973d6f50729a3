import type { LogPage } from "../../../shared/board.ts";
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
export function answerUpdates(question: Question): Response {
  // TODO: Give the answer an ETag, which changes when the answer does.
  const headers = { "cache-control": "no-cache" };
  // TODO: When the client has this answer already, say so, and leave out the body.
  return Response.json(question.page, { headers });
}
