// Only the first of several ETags may be weak: behind a proxy that compresses, a cache with two answers gets everything in full.
// Fails: a weak ETag, one of several, and a star are matches as well
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: How often does your `replace` look for `W/`, and where?
import { formatCursor } from "../../../../shared/cursor.ts";
import type { Question } from "../exercise.ts";

export function answerUpdates({ page, head, ifNoneMatch }: Question): Response {
  const etag = `"${formatCursor(head)}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(page, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "")
    .replace(/^W\//, "")
    .split(",")
    .map((tag) => tag.trim());
  return tags.includes(etag) || tags.includes("*");
}
