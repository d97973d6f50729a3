// The ETag has no quotes: it is no valid one, and a proxy may drop it, so that every answer is sent in full.
// Fails: an answer has an ETag, which is a text in quotes
// Lesson: chapters/01-short-polling/README.md#what-goes-over-the-wire
// Hint: Look at the `etag` in the lesson, at its first and its last character.
import { formatCursor } from "../../../../shared/cursor.ts";
import type { Question } from "../exercise.ts";

export function answerUpdates({ page, head, ifNoneMatch }: Question): Response {
  const etag = formatCursor(head);
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(page, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
