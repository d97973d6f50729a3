// The boards as their members may use them. Each rule is here once, below all routes and all transports.
import type { Boards } from "../../shared/board.ts";
import type { Database } from "../../shared/database.ts";
import type { Role } from "../../shared/events.ts";
import { Refusal } from "../../shared/refusal.ts";
import { inTransaction } from "../../shared/transaction.ts";
import type { TaskChanges } from "../00-request-response/task-routes.ts";

/** What one user can read. To whoever is not a member, a board is not there: the very same answer. */
export type BoardsOfUser = Pick<Boards, "head" | "snapshot" | "eventsAfter">;

export type MembersOnly = ReturnType<typeof createMembersOnly>;

export function createMembersOnly(database: Database, boards: Boards) {
  const roles = database.prepare<[string, string], { role: Role }>(
    "SELECT role FROM board_members WHERE board_id = ? AND user_id = ?",
  );
  const boardOfList = database
    .prepare<[string], string>("SELECT board_id FROM lists WHERE id = ?")
    .pluck() as { get(id: string): string | undefined };
  const boardOfTask = database
    .prepare<[string], string>(
      "SELECT board_id FROM tasks JOIN lists ON lists.id = list_id WHERE tasks.id = ?",
    )
    .pluck() as { get(id: string): string | undefined };

  /** @returns undefined when the user is not a member, and when there is no such board */
  function roleOf(userId: string, boardId: string): Role | undefined {
    return roles.get(boardId, userId)?.role;
  }

  function readAs(userId: string): BoardsOfUser {
    const asMember = <T>(boardId: string, read: () => T): T | Refusal =>
      roleOf(userId, boardId) ? read() : NO_SUCH_BOARD;
    return {
      head: (boardId) => asMember(boardId, () => boards.head(boardId)),
      snapshot: (boardId) => asMember(boardId, () => boards.snapshot(boardId)),
      eventsAfter: (boardId, cursor, limit) =>
        asMember(boardId, () => boards.eventsAfter(boardId, cursor, limit)),
    } as BoardsOfUser;
  }

  /**
   * Looks whether somebody may, and does it, in one transaction: nobody can be removed in between.
   * @param missing what is said when there is no such thing, and when it is on a board of others
   */
  function changeAs<T>(
    userId: string,
    boardOf: () => string | undefined,
    missing: string,
    change: () => T,
    allowed: (role: Role) => boolean = (role) => role !== "viewer",
  ): T | Refusal {
    return inTransaction(database, () => {
      const boardId = boardOf();
      const role = boardId === undefined ? undefined : roleOf(userId, boardId);
      if (!role) throw new Refusal("not_found", missing);
      if (!allowed(role)) throw forbidden(role);
      return change();
    });
  }

  const changes: TaskChanges = {
    createTask: (userId, task) =>
      changeAs(
        userId,
        () => boardOfList.get(task.listId),
        "There is no such list.",
        () => boards.createTask(userId, task),
      ),
    updateTask: (userId, taskId, change) =>
      ofTask(userId, taskId, () => boards.updateTask(userId, taskId, change)),
    moveTask: (userId, taskId, place) => ofTask(userId, taskId, () => boards.moveTask(userId, taskId, place)),
    deleteTask: (userId, taskId) => ofTask(userId, taskId, () => boards.deleteTask(userId, taskId)),
  } as TaskChanges;

  function ofTask<T>(userId: string, taskId: string, change: () => T): T | Refusal {
    return changeAs(userId, () => boardOfTask.get(taskId), "There is no such task.", change);
  }

  /** Owners only. */
  function addMember(userId: string, boardId: string, member: { userId: string; role?: Role }) {
    return changeAs(
      userId,
      () => boardId,
      NO_SUCH_BOARD.message,
      () => boards.addMember(userId, boardId, member),
      isOwner,
    );
  }

  /** Owners remove anybody, and everybody can leave; but a board keeps an owner. */
  function removeMember(userId: string, boardId: string, memberId: string) {
    return changeAs(
      userId,
      () => boardId,
      NO_SUCH_BOARD.message,
      () => {
        if (roleOf(memberId, boardId) === "owner" && ownersOf(boardId) === 1) {
          throw new Refusal("forbidden", "A board keeps at least one owner.");
        }
        return boards.removeMember(userId, boardId, memberId);
      },
      (role) => isOwner(role) || memberId === userId,
    );
  }

  const countOwners = database
    .prepare<[string], number>("SELECT count(*) FROM board_members WHERE board_id = ? AND role = 'owner'")
    .pluck() as { get(boardId: string): number | undefined };
  const ownersOf = (boardId: string) => countOwners.get(boardId) ?? 0;

  /** For what is not a change of the board itself, and only for owners. */
  function refuseUnlessOwner(userId: string, boardId: string): Refusal | undefined {
    const role = roleOf(userId, boardId);
    if (!role) return NO_SUCH_BOARD;
    return isOwner(role) ? undefined : forbidden(role);
  }

  return { readAs, changes, addMember, removeMember, refuseUnlessOwner };
}

/** The one answer to whoever is not a member, whether there is such a board or not. */
export const NO_SUCH_BOARD = new Refusal("not_found", "There is no such board.");

function forbidden(role: Role): Refusal {
  return new Refusal("forbidden", `You are ${role} on this board, and may not do this.`);
}

function isOwner(role: Role): boolean {
  return role === "owner";
}
