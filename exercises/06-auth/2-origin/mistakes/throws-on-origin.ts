// An Origin that is no URL makes the check throw: one strange request, and the server answers nothing or goes down.
// Fails: what is no origin is refused, and does not throw
// Lesson: chapters/06-auth/README.md#build-it
// Hint: The Origin of a browser is in order already. What else can there be in a header, and what does `new URL` do with it?
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) => asBrowsersWriteIt(each) === new URL(origin).origin);
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
