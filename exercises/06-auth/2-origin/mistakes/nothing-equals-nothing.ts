// What cannot be read becomes undefined on both sides, and counts as equal: a request whose Host and Origin are both nonsense is let in.
// Fails: what is no origin is refused, and does not throw
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Two things that are no origin are not the same origin. Which value do you compare when nothing could be read?
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) => asBrowsersWriteIt(each) === asBrowsersWriteIt(origin));
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
