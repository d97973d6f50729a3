// The ETag does not tell one log from another: the same seq of another log makes Bob keep what he has, and his board is wrong.
// Fails: when the server has another log, the old ETag is worth nothing
// Lesson: chapters/01-short-polling/README.md#what-goes-over-the-wire
// Hint: The server was restored from a backup, and its log ends at 9 again. Is that the same 9?
import type { Question } from "../exercise.ts";

export function answerUpdates({ page, head, ifNoneMatch }: Question): Response {
  const etag = `"${head.seq}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(page, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
