// What a stream, a socket or a question that is kept open can be refused with.
import type { PermissionEnd } from "../../../chapters/06-auth/permissions.ts";
import { CLOSE_CODES } from "../../../shared/close-codes.ts";
import { errorResponse, Refusal } from "../../../shared/refusal.ts";

/** Also to somebody who is not a member of a board that there is. */
export const NO_SUCH_BOARD = new Refusal("not_found", "There is no such board.");

export function tooManyHeld(waitMs: number): Response {
  const seconds = Math.ceil(waitMs / 1_000);
  const response = errorResponse(429, "too_many", `Too many connections: try again in ${seconds} s.`);
  response.headers.set("retry-after", String(seconds));
  return response;
}

/** What an answer says that was to be sent under a permission that has ended. */
export function refusalFor({ code }: PermissionEnd): Response {
  if (code === CLOSE_CODES.notMember) return NO_SUCH_BOARD.toResponse();
  if (code === CLOSE_CODES.tooMany) return tooManyHeld(1_000);
  return errorResponse(401, "not_signed_in", "Sign in first.");
}
