// Links by which somebody can join a board.
import type { Database } from "../../../shared/database.ts";
import { Refusal } from "../../../shared/refusal.ts";
import type { Answer } from "../../board/commands.ts";
import type { Step } from "./board-log.ts";
import { CAPS } from "./caps.ts";
import type { Decisions } from "./decisions.ts";
import { answerOf } from "./refused.ts";
import type { Statements } from "./statements.ts";
import type { Invitation } from "./store.ts";

type Invited = Invitation & { readonly boardName: string; readonly inviterName: string };

const INVITATION = `invitations.id, invitations.board_id AS boardId, invitations.role, created_by AS createdBy,
  expires_at AS expiresAt`;

/** Writing is to be called in a transaction. */
export function createInvitations(database: Database, sql: Statements, { access, join }: Decisions) {
  const insert = database.prepare<[Invitation & { hash: string }]>(
    `INSERT INTO invitations (id, hash, board_id, role, created_by, expires_at)
     VALUES (@id, @hash, @boardId, @role, @createdBy, @expiresAt)`,
  );
  const byHash = database.prepare<[string, number], Invited>(
    `SELECT ${INVITATION}, boards.name AS boardName, users.name AS inviterName FROM invitations
     JOIN boards ON boards.id = invitations.board_id JOIN users ON users.id = created_by
     WHERE hash = ? AND expires_at > ?`,
  );
  const ofBoard = database.prepare<[string, number], Invitation>(
    `SELECT ${INVITATION} FROM invitations WHERE board_id = ? AND expires_at > ? ORDER BY expires_at, id`,
  );
  const removeExpired = database.prepare("DELETE FROM invitations WHERE board_id = ? AND expires_at <= ?");
  const remove = database.prepare("DELETE FROM invitations WHERE board_id = ? AND id = ?");

  /** Whoever has invited somebody has to be an owner still: with them, their links go. */
  function valid(hash: string, at: number): Invited | undefined {
    const invited = byHash.get(hash, at);
    return invited && access.roleOf(invited.createdBy, invited.boardId) === "owner" ? invited : undefined;
  }

  return {
    create(step: Step, invitation: Invitation, hash: string): undefined {
      access.ownedBoard(step.userId, invitation.boardId);
      removeExpired.run(invitation.boardId, step.at);
      if (ofBoard.all(invitation.boardId, step.at).length >= CAPS.invitations) {
        throw new Refusal("limit_reached", `A board has at most ${CAPS.invitations} invitations.`);
      }
      insert.run({ ...invitation, hash });
    },

    valid,

    ofBoard: (boardId: string, at: number): readonly Invitation[] => ofBoard.all(boardId, at),

    delete: (boardId: string, id: string): boolean => remove.run(boardId, id).changes > 0,

    /** @param at when it has to be valid */
    accept(step: Step, hash: string, at: number): Answer {
      const invitation = valid(hash, at);
      const name = sql.user.get(step.userId)?.name;
      if (!invitation || name === undefined) {
        return answerOf(new Refusal("not_found", "There is no such invitation, or it has expired."));
      }
      const { boardId, role } = invitation;
      const known = sql.memberOf.get(boardId, step.userId);
      try {
        const member = known ?? join(step, boardId, { userId: step.userId, name, role });
        return { status: 200, body: { ...member, boardId }, seq: sql.head.get(boardId)?.seq ?? 0 };
      } catch (error) {
        if (error instanceof Refusal) return answerOf(error);
        throw error;
      }
    },
  };
}
