import { onTestFinished } from "vitest";
import { type Boards, createBoards } from "../board.ts";
import { type Database, openDatabase } from "../database.ts";
import type { Snapshot } from "../events.ts";
import { Refusal } from "../refusal.ts";
import { seed } from "../seed.ts";

/** The demo board in memory, until the running test has ended. */
export function demoBoard(now?: () => number): { database: Database; boards: Boards } {
  const database = seed(openDatabase());
  onTestFinished(() => void database.close());
  return { database, boards: createBoards(database, now) };
}

/** The value of something that should not have been refused. */
export function accepted<T>(result: T | Refusal): T {
  if (result instanceof Refusal) throw new Error(`refused: ${result.code}: ${result.message}`);
  return result;
}

/** Where `board-1` stands. */
export function snapshotOf(boards: Boards, boardId = "board-1"): Snapshot {
  return accepted(boards.snapshot(boardId));
}
