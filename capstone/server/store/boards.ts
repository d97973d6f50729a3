// Which boards there are.
import { randomBytes } from "node:crypto";
import type { Database } from "../../../shared/database.ts";
import { Refusal } from "../../../shared/refusal.ts";
import type { Cursor } from "../../board/events.ts";
import type { ImportedBoard } from "./board-export.ts";
import type { Step } from "./board-log.ts";
import { CAPS } from "./caps.ts";
import type { Decisions } from "./decisions.ts";
import { importInto } from "./import-board.ts";
import type { Statements } from "./statements.ts";
import type { BoardSummary } from "./store.ts";

/** Writing is to be called in a transaction; what is refused is thrown. */
export function createBoards(database: Database, sql: Statements, { access, changes }: Decisions) {
  const ofUser = database.prepare<[string], BoardSummary>(
    `SELECT boards.id, boards.name, role, seq,
       (SELECT count(*) FROM tasks JOIN lists ON lists.id = list_id WHERE board_id = boards.id) AS tasks,
       (SELECT count(*) FROM board_members WHERE board_id = boards.id) AS members
     FROM board_members AS mine JOIN boards ON boards.id = mine.board_id
     WHERE mine.user_id = ? ORDER BY boards.name COLLATE NOCASE, boards.id`,
  );
  const countOwned = database
    .prepare<[string], number>("SELECT count(*) FROM board_members WHERE user_id = ? AND role = 'owner'")
    .pluck();
  const insert = database.prepare("INSERT INTO boards (id, name, epoch, created_at) VALUES (?, ?, ?, ?)");
  const remove = database.prepare("DELETE FROM boards WHERE id = ?");

  function create(step: Step, { id, name }: { readonly id: string; readonly name: string }): Cursor {
    const userName = sql.user.get(step.userId)?.name;
    if (userName === undefined) throw new Refusal("forbidden", "Only a user can have a board.");
    if (sql.board.get(id)) throw new Refusal("exists", "This id is taken by another board.");
    if ((countOwned.get(step.userId) ?? 0) >= CAPS.boards) {
      throw new Refusal("limit_reached", `A user has at most ${CAPS.boards} boards.`);
    }
    // A name for a log that no other log has.
    insert.run(id, name, randomBytes(6).toString("hex"), step.at);
    changes.addMember(step, id, { userId: step.userId, name: userName, role: "owner" });
    return headOf(id);
  }

  function headOf(boardId: string): Cursor {
    const head = sql.head.get(boardId);
    if (!head) throw new Error(`The board "${boardId}" is not there.`);
    return head;
  }

  return {
    ofUser: (userId: string): readonly BoardSummary[] => ofUser.all(userId),
    create,
    delete(step: Step, boardId: string): undefined {
      access.ownedBoard(step.userId, boardId);
      remove.run(boardId);
    },
    import(step: Step, boardId: string, imported: ImportedBoard): Cursor {
      create(step, { id: boardId, name: imported.board.name });
      importInto(step, boardId, imported, changes);
      return headOf(boardId);
    },
  };
}
