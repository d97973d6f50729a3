// Whether somebody may: for what is not a command, which the store decides by itself.
import { NO_SUCH_BOARD } from "../../../chapters/06-auth/members-only.ts";
import { Refusal } from "../../../shared/refusal.ts";
import type { Store } from "../store/store.ts";

/** To whoever is not a member, a board is not there: the very same answer. */
export async function refuseUnlessMember(
  store: Pick<Store, "roleOf">,
  userId: string,
  boardId: string,
): Promise<Response | undefined> {
  return (await store.roleOf(userId, boardId)) ? undefined : NO_SUCH_BOARD.toResponse();
}

export async function refuseUnlessOwner(
  store: Pick<Store, "roleOf">,
  userId: string,
  boardId: string,
): Promise<Response | undefined> {
  const role = await store.roleOf(userId, boardId);
  if (!role) return NO_SUCH_BOARD.toResponse();
  if (role === "owner") return undefined;
  return new Refusal("forbidden", `You are ${role} on this board, and may not do this.`).toResponse();
}
