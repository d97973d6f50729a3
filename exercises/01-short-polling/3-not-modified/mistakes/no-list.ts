// Only one ETag is expected: a cache that has kept two answers sends both ETags, and gets everything in full.
// Fails: a weak ETag, one of several, and a star are matches as well
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: There may be a comma in the header. What stands behind it?
import { formatCursor } from "../../../../shared/cursor.ts";
import type { Question } from "../exercise.ts";

export function answerUpdates({ page, head, ifNoneMatch }: Question): Response {
  const etag = `"${formatCursor(head)}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(page, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tag = (ifNoneMatch ?? "").replace(/^W\//, "");
  return tag === etag || tag === "*";
}
