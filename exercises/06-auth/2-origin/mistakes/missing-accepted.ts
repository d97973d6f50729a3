// A request without an Origin is let in: whatever leaves the header out gets past the check.
// Fails: a request without an Origin is refused
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Every browser sends an Origin when it asks for a socket. What is the safe answer when you do not know?
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (!origin) return true;
  if (origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) => asBrowsersWriteIt(each) === origin);
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
