// What becomes of a command about a board, its lists or its members.
import { randomUUID } from "node:crypto";
import { Refusal } from "../../../shared/refusal.ts";
import type { Answer, Command } from "../../board/commands.ts";
import type { Member } from "../../board/events.ts";
import { LIMITS } from "../../board/limits.ts";
import type { Access } from "./access.ts";
import type { Step } from "./board-log.ts";
import type { Changes } from "./changes.ts";
import { type Places, placeOf } from "./places.ts";
import { type Room, tooMany } from "./room.ts";
import { toList } from "./rows.ts";
import type { Statements } from "./statements.ts";
import type { MemberCommand } from "./store.ts";

type CommandOf<Type extends string> = Extract<Command | MemberCommand, { type: Type }>;

/** Each throws a `Refusal`, or carries the command out and returns its answer. */
export function createBoardDecisions(
  sql: Statements,
  access: Access,
  places: Places,
  changes: Changes,
  room: Room,
) {
  function renameBoard(step: Step, { boardId, board: { name } }: CommandOf<"rename_board">): Answer {
    access.board(step.userId, boardId);
    if (sql.board.get(boardId)?.name !== name) changes.renameBoard(step, boardId, name);
    return { status: 200, body: { id: boardId, name } };
  }

  function answer(status: number, listId: string): Answer {
    const list = sql.list.get(listId);
    if (!list) throw new Error(`The list "${listId}" is not there after its change.`);
    return { status, body: toList(list) };
  }

  function createList(step: Step, { boardId, list }: CommandOf<"create_list">): Answer {
    access.board(step.userId, boardId);
    const { id = randomUUID(), name } = list;
    if (sql.list.get(id) || sql.deletion.get("list", id)) {
      throw new Refusal("exists", "This id is taken by another list.");
    }
    room.forList(boardId);
    const position = places.ofList(boardId, id, placeOf(list));
    changes.createList(step, { id, boardId, name, position });
    return answer(201, id);
  }

  function renameList(step: Step, { listId, list: { name } }: CommandOf<"rename_list">): Answer {
    const list = access.list(step.userId, listId);
    if (list.name !== name) changes.renameList(step, list, name);
    return answer(200, listId);
  }

  function moveList(step: Step, { listId, place }: CommandOf<"move_list">): Answer {
    const list = access.list(step.userId, listId);
    const wanted = placeOf(place);
    if (!places.isListAt(list.boardId, listId, list.position, wanted)) {
      changes.moveList(step, list, places.ofList(list.boardId, listId, wanted));
    }
    return answer(200, listId);
  }

  function deleteList(step: Step, { listId }: CommandOf<"delete_list">): Answer {
    changes.deleteList(step, access.list(step.userId, listId));
    return { status: 204 };
  }

  function memberOf(boardId: string, userId: string): Member {
    const member = sql.memberOf.get(boardId, userId);
    if (!member) throw new Refusal("not_found", "There is no such member.");
    return member;
  }

  function addMember(step: Step, { boardId, userId, role }: CommandOf<"add_member">): Answer {
    access.ownedBoard(step.userId, boardId);
    const name = sql.user.get(userId)?.name;
    if (name === undefined) throw new Refusal("invalid", `There is no user "${userId}".`);
    if (access.roleOf(userId, boardId)) throw new Refusal("exists", `"${userId}" already is a member.`);
    return { status: 201, body: join(step, boardId, { userId, name, role }) };
  }

  /** Somebody becomes a member, by an owner's doing or with an invitation. */
  function join(step: Step, boardId: string, member: Member): Member {
    if ((sql.countMembers.get(boardId) ?? 0) >= LIMITS.members) {
      throw tooMany("A board", LIMITS.members, "members");
    }
    return changes.addMember(step, boardId, member).data.member;
  }

  function changeMember(step: Step, { boardId, userId, role }: CommandOf<"change_member">): Answer {
    access.ownedBoard(step.userId, boardId);
    const member = memberOf(boardId, userId);
    if (member.role === role) return { status: 200, body: member };
    keepAnOwner(boardId, member);
    return { status: 200, body: changes.changeMember(step, boardId, member, role).data.member };
  }

  /**
   * Owners remove anybody, and everybody can leave. The tasks that were assigned to the member stay so. All invitations end with the
   * removal: one of them is how the member has come in, and it would let them in again.
   */
  function removeMember(step: Step, { boardId, userId }: CommandOf<"remove_member">): Answer {
    const isLeaving = userId === step.userId;
    if (!isLeaving) access.ownedBoard(step.userId, boardId);
    else if (!access.roleOf(userId, boardId)) throw new Refusal("not_found", "There is no such board.");
    keepAnOwner(boardId, memberOf(boardId, userId));
    changes.removeMember(step, boardId, userId);
    if (!isLeaving) sql.withdrawInvitations.run(boardId);
    return { status: 204 };
  }

  function keepAnOwner(boardId: string, { role }: Member): void {
    if (role === "owner" && sql.countOwners.get(boardId) === 1) {
      throw new Refusal("forbidden", "A board keeps at least one owner.");
    }
  }

  return {
    renameBoard,
    createList,
    renameList,
    moveList,
    deleteList,
    addMember,
    join,
    changeMember,
    removeMember,
  };
}
