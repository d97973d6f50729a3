// The Origin has to end with the right host: evil-board.example.com does, and opens sockets with the user's cookie.
// Fails: a page that has nearly the right name is a stranger
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Somebody else can own a host whose name ends as yours does. Compare all of it.
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) =>
    origin.endsWith(new URL(asBrowsersWriteIt(each) ?? "http://none.invalid").host),
  );
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
