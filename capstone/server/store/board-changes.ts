// What can happen to a board, its lists and its members: each writes the rows, remembers what was there before, and says so in the
// log. Whether it may happen was decided before, by `board-decisions.ts` or `undoing.ts`.
import type { Member, Role } from "../../board/events.ts";
import type { BoardLog, Step } from "./board-log.ts";
import type { Places } from "./places.ts";
import { type CommentRow, type ListRow, type TaskRow, toList } from "./rows.ts";
import type { Statements } from "./statements.ts";
import { restoreRows } from "./task-changes.ts";

/** Call everything in the writing transaction. */
export function createBoardChanges(sql: Statements, log: BoardLog, places: Places) {
  function renameBoard(step: Step, boardId: string, name: string) {
    const before = sql.board.get(boardId)?.name ?? "";
    const change = () => {
      sql.renameBoard.run(name, boardId);
      return { name };
    };
    return log.append(step, boardId, "board_renamed", change, { subjectId: boardId, undo: { name: before } });
  }

  function createList(step: Step, list: ListRow) {
    const change = () => {
      sql.insertList.run(list.id, list.boardId, list.name, list.position);
      return { list: toList(list) };
    };
    const event = log.append(step, list.boardId, "list_created", change, { subjectId: list.id, undo: {} });
    places.settleList(step, list.boardId, list.position);
    return event;
  }

  function renameList(step: Step, list: ListRow, name: string) {
    const change = () => {
      sql.renameList.run(name, list.id);
      return { list: toList({ ...list, name }) };
    };
    const before = { name: list.name };
    return log.append(step, list.boardId, "list_renamed", change, { subjectId: list.id, undo: before });
  }

  function moveList(step: Step, list: ListRow, position: string) {
    const undo = { position: list.position, afterId: places.beforeList(list.boardId, list.position) };
    const change = () => {
      sql.moveList.run(position, list.id);
      return { list: toList({ ...list, position }) };
    };
    const event = log.append(step, list.boardId, "list_moved", change, { subjectId: list.id, undo });
    places.settleList(step, list.boardId, position);
    return event;
  }

  function deleteList(step: Step, list: ListRow) {
    const { id, boardId, name } = list;
    const tasks = sql.tasksInList.all(id);
    const comments = tasks.flatMap((task) => sql.commentsOfTask.all(task.id));
    const afterId = places.beforeList(boardId, list.position);
    const rebalancedSeq = sql.tasksRebalanced.get(id) ?? 0;
    const change = (seq: number) => {
      sql.deleteList.run(id);
      sql.rememberDeletion.run("list", id, boardId, step.userId, seq);
      for (const task of tasks) sql.rememberDeletion.run("task", task.id, boardId, step.userId, seq);
      for (const each of comments) sql.rememberDeletion.run("comment", each.id, boardId, step.userId, seq);
      return { listId: id, name };
    };
    const undo = { list: { ...list, rebalancedSeq }, afterId, tasks, comments };
    return log.append(step, boardId, "list_deleted", change, { subjectId: id, undo });
  }

  function restoreList(
    step: Step,
    list: ListRow & { rebalancedSeq: number },
    tasks: readonly TaskRow[],
    comments: readonly CommentRow[],
  ) {
    const change = () => {
      sql.insertList.run(list.id, list.boardId, list.name, list.position);
      sql.markTasksRebalanced.run(list.rebalancedSeq, list.id);
      sql.forgetDeletion.run("list", list.id);
      return { list: toList(list), ...restoreRows(sql, tasks, comments) };
    };
    const event = log.append(step, list.boardId, "list_restored", change, { subjectId: list.id, undo: {} });
    places.settleList(step, list.boardId, list.position);
    return event;
  }

  function addMember(step: Step, boardId: string, member: Member) {
    return log.append(step, boardId, "member_added", () => {
      sql.insertMember.run(boardId, member.userId, member.role);
      return { member };
    });
  }

  function changeMember(step: Step, boardId: string, member: Member, role: Role) {
    return log.append(step, boardId, "member_changed", () => {
      sql.changeRole.run(role, boardId, member.userId);
      return { member: { ...member, role } };
    });
  }

  function removeMember(step: Step, boardId: string, userId: string) {
    return log.append(step, boardId, "member_removed", () => {
      sql.deleteMember.run(boardId, userId);
      return { userId };
    });
  }

  return {
    renameBoard,
    createList,
    renameList,
    moveList,
    deleteList,
    restoreList,
    addMember,
    changeMember,
    removeMember,
  };
}
