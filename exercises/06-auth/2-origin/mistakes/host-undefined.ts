// Without a Host the own origin becomes "http://undefined": somebody who names a host so is taken for the server's own page.
// Fails: a request without a Host has no page of its own
// Lesson: chapters/06-auth/README.md#build-it
// Hint: A template string turns `undefined` into a word. What is the server's own origin when the request does not say it?
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  return [`${scheme}://${host}`, ...allowed].some((each) => asBrowsersWriteIt(each) === origin);
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
