// All that can happen to a board.
import { createBoardChanges } from "./board-changes.ts";
import type { BoardLog } from "./board-log.ts";
import type { Places } from "./places.ts";
import type { Statements } from "./statements.ts";
import { createTaskChanges } from "./task-changes.ts";

export type { TaskPatch } from "./task-changes.ts";

export type Changes = ReturnType<typeof createChanges>;

export function createChanges(sql: Statements, log: BoardLog, places: Places) {
  return { ...createBoardChanges(sql, log, places), ...createTaskChanges(sql, log, places) };
}
