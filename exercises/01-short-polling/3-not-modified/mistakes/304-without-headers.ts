// The 304 has no ETag: a cache in between has nothing to renew, and the client asks next time without one.
// Fails: the same question with that ETag is 304, without a body and with the same headers
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: Compare the heads of the two answers in the lesson. What has the 304 kept?
import { formatCursor } from "../../../../shared/cursor.ts";
import type { Question } from "../exercise.ts";

export function answerUpdates({ page, head, ifNoneMatch }: Question): Response {
  const etag = `"${formatCursor(head)}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304 });
  return Response.json(page, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
