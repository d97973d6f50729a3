// The Origin has to begin with the right name: board.example.com.evil.example does, and opens sockets with the user's cookie.
// Fails: a page that has nearly the right name is a stranger
// Lesson: chapters/06-auth/README.md#build-it
// Hint: A name goes on to the right until the next slash. Who owns the last part of it?
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) => origin.startsWith(asBrowsersWriteIt(each) ?? "\n"));
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
