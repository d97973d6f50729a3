// The Origin is compared with the Host as it is, which has no scheme: the server's own pages get no socket.
// Fails: the server's own pages and the allowed ones are let in, others are not
// Lesson: chapters/06-auth/README.md#build-it
// Hint: An Origin begins with a scheme, a Host does not. What has to be put before it?
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [host];
  return [...own, ...allowed].some((each) => asBrowsersWriteIt(each) === origin);
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
