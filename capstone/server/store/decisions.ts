// What becomes of a command: in the order of the log, each seeing all that came before it.
import { inspect } from "node:util";
import { Refusal } from "../../../shared/refusal.ts";
import type { Answer, Command } from "../../board/commands.ts";
import { createAccess } from "./access.ts";
import { createBoardDecisions } from "./board-decisions.ts";
import type { BoardLog, Step } from "./board-log.ts";
import { createChanges } from "./changes.ts";
import { createPlaces } from "./places.ts";
import { answerOf } from "./refused.ts";
import { createRoom } from "./room.ts";
import type { Statements } from "./statements.ts";
import type { MemberCommand } from "./store.ts";
import { createTaskDecisions } from "./task-decisions.ts";
import { createUndoing } from "./undoing.ts";

export type Decisions = ReturnType<typeof createDecisions>;

export function createDecisions(sql: Statements, log: BoardLog) {
  const access = createAccess(sql);
  const places = createPlaces(sql, log);
  const changes = createChanges(sql, log, places);
  const room = createRoom(sql);
  const tasks = createTaskDecisions(sql, access, places, changes, room);
  const boards = createBoardDecisions(sql, access, places, changes, room);
  const { undo } = createUndoing(sql, access, places, changes, room);

  function carryOut(step: Step, command: Command | MemberCommand): Answer {
    switch (command.type) {
      case "rename_board":
        return boards.renameBoard(step, command);
      case "create_list":
        return boards.createList(step, command);
      case "rename_list":
        return boards.renameList(step, command);
      case "move_list":
        return boards.moveList(step, command);
      case "delete_list":
        return boards.deleteList(step, command);
      case "create_task":
        return tasks.createTask(step, command);
      case "update_task":
        return tasks.updateTask(step, command);
      case "move_task":
        return tasks.moveTask(step, command);
      case "delete_task":
        return tasks.deleteTask(step, command);
      case "add_comment":
        return tasks.addComment(step, command);
      case "delete_comment":
        return tasks.deleteComment(step, command);
      case "undo":
        return undo(step, command.boardId, command.undone.seq);
      case "add_member":
        return boards.addMember(step, command);
      case "change_member":
        return boards.changeMember(step, command);
      case "remove_member":
        return boards.removeMember(step, command);
    }
    throw new Error(`There is no such command: ${inspect(command satisfies never)}`);
  }

  /** A command that has changed nothing has the seq at which that was true. */
  function headOf(command: Command | MemberCommand): number {
    const listId = "listId" in command ? command.listId : undefined;
    const boardId =
      "boardId" in command
        ? command.boardId
        : listId !== undefined
          ? sql.list.get(listId)?.boardId
          : "taskId" in command
            ? sql.task.get(command.taskId)?.boardId
            : undefined;
    return sql.head.get(boardId ?? "")?.seq ?? 0;
  }

  /** Call it in the writing transaction, in a part of its own: what throws has to be undone. */
  function decide(step: Step, command: Command | MemberCommand): Answer {
    const before = log.count();
    try {
      const answer = carryOut(step, command);
      const last = log.count() > before ? log.last()?.seq : undefined;
      return { ...answer, seq: last ?? headOf(command) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // Whatever can be refused is refused before anything is written, so that there is nothing to undo.
      if (log.count() > before) throw new Error(`Refused after a change: ${error.message}`);
      return answerOf(error);
    }
  }

  return { decide, access, changes, join: boards.join };
}
