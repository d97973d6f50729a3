// The ETag stays the same when events come: Bob hears "nothing new" for ever.
// Fails: when the log has grown, the old ETag brings the new event
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: The cursor is the question. Does it change when the answer does?
import type { Question } from "../exercise.ts";

export function answerUpdates({ after, page, head, ifNoneMatch }: Question): Response {
  const etag = `"${head.epoch}:${after}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(page, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
