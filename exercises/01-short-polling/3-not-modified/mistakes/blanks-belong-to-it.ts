// The blank behind a comma is taken for a part of the ETag: of several ETags only the first can match, and the others get everything in full.
// Fails: a weak ETag, one of several, and a star are matches as well
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: What does `split(",")` leave in front of the second ETag?
import { formatCursor } from "../../../../shared/cursor.ts";
import type { Question } from "../exercise.ts";

export function answerUpdates({ page, head, ifNoneMatch }: Question): Response {
  const etag = `"${formatCursor(head)}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(page, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
