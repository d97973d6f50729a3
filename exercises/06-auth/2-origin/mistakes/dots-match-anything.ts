// The right names are used as regular expressions, in which a dot is any character: board-example.com passes for board.example.com.
// Fails: a page that has nearly the right name is a stranger
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Nothing here needs a pattern. Which comparison has no characters with a meaning of their own?
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) => new RegExp(`^${asBrowsersWriteIt(each)}$`).test(origin));
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
