// Who may change what. Whoever is not a member hears the same as of a thing that does not exist.
import { Refusal } from "../../../shared/refusal.ts";
import type { Role } from "../../board/events.ts";
import { DetailedRefusal } from "./refused.ts";
import type { CommentRow, ListRow, TaskRow } from "./rows.ts";
import type { Kind, Statements } from "./statements.ts";

export type Access = ReturnType<typeof createAccess>;

/** Each function returns what may be changed, or throws a `Refusal`: `not_found`, `forbidden`, `gone`. */
export function createAccess(sql: Statements) {
  const roleOf = (userId: string, boardId: string): Role | undefined => sql.member.get(boardId, userId)?.role;

  function reach<Row extends { boardId: string }>(
    userId: string,
    kind: Kind,
    id: string,
    row: Row | undefined,
  ) {
    const deletion = row ? undefined : sql.deletion.get(kind, id);
    const boardId = row?.boardId ?? deletion?.boardId;
    const role = boardId === undefined ? undefined : roleOf(userId, boardId);
    if (role === undefined) throw new Refusal("not_found", `There is no such ${kind}.`);
    refuseViewers(role);
    if (row) return row;
    const actorId = deletion?.actorId ?? "";
    const name = sql.user.get(actorId)?.name ?? actorId;
    throw new DetailedRefusal("gone", `${name} has deleted the ${kind}.`, { actorId });
  }

  return {
    roleOf,
    /** @returns the user's role on it */
    board(userId: string, boardId: string): Role {
      const role = roleOf(userId, boardId);
      if (role === undefined) throw new Refusal("not_found", "There is no such board.");
      refuseViewers(role);
      return role;
    },
    ownedBoard(userId: string, boardId: string): void {
      const role = roleOf(userId, boardId);
      if (role === undefined) throw new Refusal("not_found", "There is no such board.");
      if (role !== "owner") throw new Refusal("forbidden", "Only an owner of the board may do this.");
    },
    list: (userId: string, id: string): ListRow => reach(userId, "list", id, sql.list.get(id)),
    task: (userId: string, id: string): TaskRow => reach(userId, "task", id, sql.task.get(id)),
    comment: (userId: string, id: string): CommentRow & { boardId: string } =>
      reach(userId, "comment", id, sql.comment.get(id)),
  };
}

function refuseViewers(role: Role): void {
  if (role === "viewer") throw new Refusal("forbidden", "A viewer of the board may not change it.");
}
