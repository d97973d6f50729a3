// How much a board can hold. Whoever opens it loads all of it, so it is bounded as a whole, and not only each card.
import { Refusal } from "../../../shared/refusal.ts";
import { LIMITS } from "../../board/limits.ts";
import type { Statements } from "./statements.ts";

/** What is shorter is not added up each time, in characters: the number of tasks and comments bounds it too. */
const SHORT = 200;

export type Room = ReturnType<typeof createRoom>;

/** Each throws a `Refusal`, `limit_reached`, when there is no room. Call them in the writing transaction. */
export function createRoom(sql: Statements) {
  function forList(boardId: string): void {
    const lists = sql.countLists.get(boardId) ?? 0;
    if (lists >= LIMITS.lists) throw tooMany("A board", LIMITS.lists, "lists");
  }

  function forTasks(boardId: string, more = 1): void {
    const tasks = sql.countTasks.get(boardId) ?? 0;
    if (tasks + more > LIMITS.tasks) throw tooMany("A board", LIMITS.tasks, "tasks");
  }

  function forCommentOn(boardId: string, taskId: string): void {
    const comments = sql.countComments.get(taskId) ?? 0;
    if (comments >= LIMITS.comments) throw tooMany("A task", LIMITS.comments, "comments");
    forComments(boardId, 1);
  }

  function forComments(boardId: string, more: number): void {
    if (more === 0) return;
    const comments = sql.countCommentsOfBoard.get(boardId) ?? 0;
    if (comments + more > LIMITS.boardComments) throw tooMany("A board", LIMITS.boardComments, "comments");
  }

  /** @param texts that are added */
  function forTexts(boardId: string, ...texts: readonly string[]): void {
    const more = lengthOf(texts);
    if (more <= SHORT || (sql.textOfBoard.get({ boardId }) ?? 0) + more <= LIMITS.boardText) return;
    throw tooMany("A board", LIMITS.boardText, "characters");
  }

  return { forList, forTasks, forCommentOn, forComments, forTexts };
}

export function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}

export function tooMany(whose: string, limit: number, what: string): Refusal {
  return new Refusal("limit_reached", `${whose} has at most ${limit.toLocaleString("en")} ${what}.`);
}
