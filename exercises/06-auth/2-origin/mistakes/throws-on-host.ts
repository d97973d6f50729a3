// A Host that is no host makes the check throw: one strange request, and the server answers nothing or goes down.
// Fails: what is no origin is refused, and does not throw
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Not only the Origin comes from outside. Ask `URL.canParse` before you call `new URL`.
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) => asBrowsersWriteIt(each) === origin);
}

function asBrowsersWriteIt(text: string): string | undefined {
  return new URL(text).origin;
}
