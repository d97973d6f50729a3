// Where other programs want to hear of a board's events. Who calls them is not decided here.
import type { Database } from "../../../shared/database.ts";
import { Refusal } from "../../../shared/refusal.ts";
import { noBoard } from "./board-reading.ts";
import { CAPS } from "./caps.ts";
import type { Statements } from "./statements.ts";
import type { Webhook } from "./store.ts";

/** Writing is to be called in a transaction. */
export function createWebhookRows(database: Database, sql: Statements, now: () => number) {
  const COLUMNS = "id, board_id AS boardId, url, secret, cursor, failures, disabled_at AS disabledAt";
  const ofBoard = database.prepare<[string], Webhook>(
    `SELECT ${COLUMNS} FROM webhooks WHERE board_id = ? ORDER BY created_at, id`,
  );
  const byId = database.prepare<[string], Webhook>(`SELECT ${COLUMNS} FROM webhooks WHERE id = ?`);
  const insert = database.prepare(
    "INSERT INTO webhooks (id, board_id, url, secret, cursor, created_at) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const update = database.prepare<[Webhook]>(
    "UPDATE webhooks SET cursor = @cursor, failures = @failures, disabled_at = @disabledAt WHERE id = @id",
  );
  const remove = database.prepare("DELETE FROM webhooks WHERE board_id = ? AND id = ?");
  const boardsInUse = database
    .prepare<[], string>("SELECT DISTINCT board_id FROM webhooks WHERE disabled_at IS NULL")
    .pluck();

  return {
    ofBoard: (boardId: string): readonly Webhook[] => ofBoard.all(boardId),
    webhook: (id: string): Webhook | undefined => byId.get(id),
    boardsInUse: (): readonly string[] => boardsInUse.all(),

    /** It hears of what happens from now on. */
    create({ id, boardId, url, secret }: Pick<Webhook, "id" | "boardId" | "url" | "secret">): Webhook {
      const head = sql.head.get(boardId);
      if (!head) throw noBoard();
      if (ofBoard.all(boardId).length >= CAPS.webhooks) {
        throw new Refusal("limit_reached", `A board has at most ${CAPS.webhooks} webhooks.`);
      }
      if (byId.get(id)) throw new Refusal("exists", "This id is taken by another webhook.");
      insert.run(id, boardId, url, secret, head.seq, now());
      return { id, boardId, url, secret, cursor: head.seq, failures: 0, disabledAt: null };
    },

    update(id: string, change: Partial<Pick<Webhook, "cursor" | "failures" | "disabledAt">>): void {
      const webhook = byId.get(id);
      if (webhook) update.run({ ...webhook, ...change });
    },

    delete: (boardId: string, id: string): boolean => remove.run(boardId, id).changes > 0,
  };
}
