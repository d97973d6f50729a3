// A star is not understood: a client that means "whatever you have" is sent all of it.
// Fails: a weak ETag, one of several, and a star are matches as well
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: Read what the task says about `*`.
import { formatCursor } from "../../../../shared/cursor.ts";
import type { Question } from "../exercise.ts";

export function answerUpdates({ page, head, ifNoneMatch }: Question): Response {
  const etag = `"${formatCursor(head)}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(page, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  return ifNoneMatch?.includes(etag) ?? false;
}
