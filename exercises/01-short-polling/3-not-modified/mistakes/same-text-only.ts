// The header is compared as one text: behind a proxy that compresses, the ETag comes back weak, and nothing ever matches.
// Fails: a weak ETag, one of several, and a star are matches as well
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: `If-None-Match` is a list, and what is in it can begin with `W/`. How many entries does yours look at?
import { formatCursor } from "../../../../shared/cursor.ts";
import type { Question } from "../exercise.ts";

export function answerUpdates({ page, head, ifNoneMatch }: Question): Response {
  const etag = `"${formatCursor(head)}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(page, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  return ifNoneMatch === etag;
}
