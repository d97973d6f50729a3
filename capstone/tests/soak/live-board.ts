// The board of the real clients: three people who may all do everything, and a log of which nothing is forgotten.
import { type Database, openDatabase } from "../../../shared/database.ts";
import type { BoardEvent, EventType, Snapshot } from "../../board/events.ts";
import { openSqliteStore } from "../../server/store/sqlite-store.ts";

export const BOARD_ID = "board-live";
export const PEOPLE = ["alice", "bob", "carol"] as const;

/** What marks begin with. */
export const MARK = "mark-";

export interface LoggedEvent {
  readonly seq: number;
  readonly type: EventType;
  readonly actorId: string;
  readonly at: number;
  readonly data: BoardEvent["data"];
}

/** What was answered to a command, as the server has kept it. */
export interface KeptAnswer {
  readonly key: string;
  readonly userId: string;
  readonly status: number;
  readonly seq: number | null;
}

/**
 * Makes the board, before the server starts.
 * @param file a database with the three users
 * @returns the last seq of what is on it from the beginning
 */
export async function makeLiveBoard(file: string): Promise<number> {
  const database = openDatabase(file);
  // The server forgets old events, and a run must not.
  database.exec(`
    CREATE TABLE noted_live_events (seq INTEGER, type TEXT, data TEXT, actorId TEXT, at INTEGER);
    CREATE TRIGGER note_live_event AFTER INSERT ON events WHEN NEW.board_id = '${BOARD_ID}' BEGIN
      INSERT INTO noted_live_events VALUES (NEW.seq, NEW.type, NEW.data, NEW.actor_id, NEW.created_at);
    END;
  `);
  const store = openSqliteStore({ database });
  const boardId = BOARD_ID;
  await store.createBoard("alice", { id: boardId, name: "The live board" });
  for (const userId of ["bob", "carol"]) {
    await store.run("alice", undefined, { type: "add_member", boardId, userId, role: "owner" });
  }
  for (const name of ["to-do", "doing", "done"]) {
    await store.run("alice", undefined, { type: "create_list", boardId, list: { id: `live-${name}`, name } });
  }
  const head = await store.head(boardId);
  await store.close();
  return head?.seq ?? 0;
}

export function headOf(database: Database): number {
  const select = database.prepare<[string], { seq: number }>("SELECT seq FROM boards WHERE id = ?");
  return select.get(BOARD_ID)?.seq ?? 0;
}

export function readLiveLog(database: Database): readonly LoggedEvent[] {
  const rows = database.prepare("SELECT * FROM noted_live_events ORDER BY rowid").all();
  return (rows as (Omit<LoggedEvent, "data"> & { data: string })[]).map((row) => ({
    ...row,
    data: JSON.parse(row.data),
  }));
}

export function readAnswers(database: Database): ReadonlyMap<string, KeptAnswer> {
  const rows = database
    .prepare<[], KeptAnswer>("SELECT key, user_id AS userId, status, seq FROM idempotency_keys")
    .all();
  return new Map(rows.map((row) => [row.key, row]));
}

export async function readSnapshot(database: Database, boardId: string): Promise<Snapshot> {
  // Its `close` would close the database, which is not ours.
  const snapshot = await openSqliteStore({ database }).snapshot(boardId);
  if (!("board" in snapshot)) throw new Error(`There is no board "${boardId}".`);
  return snapshot;
}

/** The text by which a command is found again in its event; undefined for those that have none, and for what takes something back. */
export function markOfEvent({ type, data }: LoggedEvent): string | undefined {
  if ("undoes" in data) return undefined;
  const text = textOf(type, data as never);
  return text?.startsWith(MARK) ? text : undefined;
}

interface Texts {
  readonly name?: string;
  readonly list?: { readonly name: string };
  readonly task?: { readonly title: string };
  readonly comment?: { readonly text: string };
  readonly changed?: readonly string[];
}

function textOf(type: EventType, { name, list, task, comment, changed }: Texts): string | undefined {
  if (type === "board_renamed") return name;
  if (type === "list_created" || type === "list_renamed") return list?.name;
  if (type === "task_created") return task?.title;
  if (type === "task_updated") return changed?.includes("title") ? task?.title : undefined;
  return type === "comment_added" ? comment?.text : undefined;
}
