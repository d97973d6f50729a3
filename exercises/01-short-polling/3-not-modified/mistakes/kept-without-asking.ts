// Only the 304 says `no-cache`: a browser may keep the 200 and answer from it without asking, and the board stands still.
// Fails: the same question with that ETag is 304, without a body and with the same headers
// Lesson: chapters/01-short-polling/README.md#build-it
// Hint: Which of the two answers is the one that is kept?
import { formatCursor } from "../../../../shared/cursor.ts";
import type { Question } from "../exercise.ts";

export function answerUpdates({ page, head, ifNoneMatch }: Question): Response {
  const etag = `"${formatCursor(head)}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (matches(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
  return Response.json(page, { headers: { etag } });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
