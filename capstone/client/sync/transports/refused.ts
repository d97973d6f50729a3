// What the status of an answer means to somebody who follows a board.
import { retryAfterOf } from "../requests.ts";
import type { End } from "./transport.ts";

export const SIGNED_OUT = "You are not signed in any more: sign in again.";
export const NOT_A_MEMBER = "There is no such board any more, or you are not a member of it.";

/** @returns undefined for an answer that is none of these, for instance of something on the way */
export function endOf(response: Response): End | undefined {
  const { status } = response;
  if (status === 401) return { kind: "signed-out", reason: SIGNED_OUT };
  if (status === 404) return { kind: "removed", reason: NOT_A_MEMBER };
  if (status === 410) return { kind: "reset" };
  if (status !== 429 && status < 500) return undefined;
  const retryAfterMs = retryAfterOf(response);
  // It was there, and had no time: other ways would be answered the same.
  return { kind: "away", unreachable: true, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
