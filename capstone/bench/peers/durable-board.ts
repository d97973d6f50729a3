// The durable work of a change, as simply as it can be written: one transaction for each, in the same database schema and with the
// same settings (WAL, FULL) as this server's. There are no roles, no keys, no history for undo, and no batches.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../../shared/database.ts";
import type { BoardEvent, Task } from "../../board/events.ts";
import { BOARD_ID, type IdentifiedEvent, type MadeUpLog } from "./made-up-log.ts";

/** What a writer sends: a part of this server's message `update_task`. */
export interface TitleChange {
  readonly taskId: string;
  readonly change: { readonly title: string };
}

/** How many tasks there are, `task-1` and so on: each writer has one of its own. */
export const TASKS = 100;

/** A file in a new folder, which is removed when the process ends. */
export function temporaryDatabaseFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "board-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "board.sqlite");
}

type TaskRow = Omit<Task, "labels" | "updatedAt"> & { readonly labels: string };

/** When one of its functions returns, the change is on the disk. */
export function createDurableBoard(log: MadeUpLog) {
  const database = openDatabase(temporaryDatabaseFile());
  database.exec(`
    INSERT INTO users (id, name) VALUES ('user-1', 'User 1');
    INSERT INTO boards (id, name, epoch, created_at) VALUES ('${BOARD_ID}', 'Release', '${log.epoch}', 0);
    INSERT INTO lists (id, board_id, name, position) VALUES ('list-1', '${BOARD_ID}', 'To do', 'a0');
  `);
  const insertTask = database.prepare(
    `INSERT INTO tasks (id, list_id, title, position, updated_at, created_by) VALUES (?, 'list-1', 'A task', ?, 0, 'user-1')`,
  );
  for (let index = 1; index <= TASKS; index += 1) {
    insertTask.run(`task-${index}`, `a${String(index).padStart(3, "0")}V`);
  }

  const updateTask = database.prepare<[string, number, string], TaskRow>(
    `UPDATE tasks SET title = ?, version = version + 1, updated_at = ? WHERE id = ?
     RETURNING id, list_id AS listId, title, description, assignee_id AS assigneeId, labels, due_on AS dueOn, position, version,
       created_by AS createdBy`,
  );
  const setSeq = database.prepare("UPDATE boards SET seq = ? WHERE id = ?");
  const insertEvent = database.prepare(
    "INSERT INTO events (board_id, seq, type, data, actor_id, created_at) VALUES (?, ?, 'task_updated', ?, 'user-1', ?)",
  );

  const renameBoard = database.prepare("UPDATE boards SET name = ?, seq = ? WHERE id = ?");
  const insertRename = database.prepare(
    "INSERT INTO events (board_id, seq, type, data, actor_id, created_at) VALUES (?, ?, 'board_renamed', ?, 'user-1', ?)",
  );

  const change = database.transaction(({ taskId, change: { title } }: TitleChange): BoardEvent => {
    const time = Date.now();
    const row = updateTask.get(title, time, taskId);
    if (!row) throw new Error(`There is no ${taskId}`);
    const seq = log.nextSeq();
    setSeq.run(seq, BOARD_ID);
    const at = new Date(time).toISOString();
    const task: Task = { ...row, labels: JSON.parse(row.labels), updatedAt: at };
    const data = { task, changed: ["title"] as const };
    insertEvent.run(BOARD_ID, seq, JSON.stringify(data), time);
    return { seq, type: "task_updated", boardId: BOARD_ID, actorId: "user-1", at, data };
  });

  const rename = database.transaction((): IdentifiedEvent => {
    const identified = log.next();
    const { seq, data, at } = identified.event as BoardEvent<"board_renamed">;
    renameBoard.run(data.name, seq, BOARD_ID);
    insertRename.run(BOARD_ID, seq, JSON.stringify(data), Date.parse(at));
    return identified;
  });

  return {
    changeTask: (titleChange: TitleChange): BoardEvent => change.immediate(titleChange),
    /** Gives the board its next name. */
    rename: (): IdentifiedEvent => rename.immediate(),
  };
}
