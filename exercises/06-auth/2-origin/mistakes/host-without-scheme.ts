// The server's own origin is not among those that may: its own pages get no socket.
// Fails: the server's own pages and the allowed ones are let in, others are not
// Lesson: chapters/06-auth/README.md#build-it
// Hint: The server's own origin stands in no setting. What is it made of? An Origin begins with a scheme, and a Host does not.
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [host];
  return [...own, ...allowed].some((each) => asBrowsersWriteIt(each) === origin);
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
