// The body is left out, but the status is 200: the client takes the empty text for an answer, and fails to read it.
// Fails: the same question with that ETag is 304, without a body and with the same headers
// Lesson: chapters/01-short-polling/README.md#what-goes-over-the-wire
// Hint: How is the client to know that you left the body out on purpose?
import { formatCursor } from "../../../../shared/cursor.ts";
import type { Question } from "../exercise.ts";

export function answerUpdates({ page, head, ifNoneMatch }: Question): Response {
  const etag = `"${formatCursor(head)}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { headers });
  return Response.json(page, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
