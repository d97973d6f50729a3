// Names are compared letter by letter: with a capital letter or a port in the settings, nobody gets in, and the reason is hard to see.
// Fails: what people have written means the origin that browsers send
// Lesson: chapters/06-auth/README.md#build-it
// Hint: Upper and lower case are the same host, and 443 is the port of https anyway. `new URL(…).origin` knows all of that.
import type { OriginHeaders, OriginRules } from "../exercise.ts";

export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) => each === origin);
}
