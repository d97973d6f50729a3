// The scheme is not compared: a page that came without TLS, and that somebody on the way has changed, can use the user's cookie.
// Fails: a page of another scheme is a stranger
// Lesson: chapters/06-auth/README.md#build-it
// Hint: An origin has three parts, and the first one is before the colon.
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some(
    (each) => withoutScheme(asBrowsersWriteIt(each)) === withoutScheme(origin),
  );
}

function withoutScheme(text = ""): string {
  return text.replace(/^https?:/, "");
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
