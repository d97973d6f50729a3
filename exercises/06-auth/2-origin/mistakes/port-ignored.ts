// Only the scheme and the name of the host are compared: whatever else runs on this machine, on another port, can use the user's cookie.
// Fails: a page of another port is a stranger
// Lesson: chapters/06-auth/README.md#build-it
// Hint: `hostname` has no port, `host` has one. What belongs to an origin?
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) => withoutPort(asBrowsersWriteIt(each)) === withoutPort(origin));
}

function withoutPort(text: string | undefined): string {
  if (text === undefined || !URL.canParse(text)) return "no origin";
  const { protocol, hostname } = new URL(text);
  return `${protocol}//${hostname}`;
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
