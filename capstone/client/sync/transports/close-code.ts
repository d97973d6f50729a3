// What a close code means to somebody who follows a board.
import { CLOSE_CODES } from "../../../../shared/close-codes.ts";
import { NOT_A_MEMBER, SIGNED_OUT } from "./refused.ts";
import { AWAY, type End } from "./transport.ts";

/** @param code of those after which a client does not come back with what it has */
export function endOfCode(code: number, reason?: string): End {
  if (code === CLOSE_CODES.notSignedIn) return { kind: "signed-out", reason: SIGNED_OUT };
  if (code === CLOSE_CODES.notMember)
    return { kind: "removed", reason: "You are not a member of this board any more." };
  if (code === CLOSE_CODES.noSuchBoard) return { kind: "gone", reason: reason || "This board was deleted." };
  if (code === CLOSE_CODES.historyGone) return { kind: "reset" };
  return AWAY;
}

/** The same for an error that a socket answers a `join` with. */
export function endOfError(code: string): End {
  if (code === "not_found" || code === "forbidden") return { kind: "removed", reason: NOT_A_MEMBER };
  return AWAY;
}
