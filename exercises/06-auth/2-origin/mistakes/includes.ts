// The right host has to be somewhere in the Origin: attackers put it into the names of their own hosts.
// Fails: a page that has nearly the right name is a stranger
// Lesson: chapters/06-auth/README.md#build-it
// Hint: A check for a part of the name is one that anybody can pass. Compare all of it.
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) =>
    origin.includes(new URL(asBrowsersWriteIt(each) ?? "http://none.invalid").host),
  );
}

function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
