// An Origin of "null" can pass: a sandboxed frame on any page sends it, and so would open sockets with the user's cookie.
// Fails: null is nobody's origin
// Lesson: chapters/06-auth/README.md#build-it
// Hint: `new URL(text).origin` can be "null" too. Two pages that have no origin do not have the same one.
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined) return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) => asBrowsersWriteIt(each) === origin);
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
