// What can happen to a task and to what is said about it: each writes the rows, remembers what was there before, and says so in the
// log. Whether it may happen was decided before, by `task-decisions.ts` or `undoing.ts`.
import type { DataOf, TaskField } from "../../board/events.ts";
import type { BoardLog, Step } from "./board-log.ts";
import type { Places } from "./places.ts";
import { type CommentRow, type TaskRow, toComment, toTask } from "./rows.ts";
import type { Statements } from "./statements.ts";

/** What is to be different about a task. Labels as JSON. */
export type TaskPatch = Partial<Pick<TaskRow, TaskField>>;

/** Call everything in the writing transaction. */
export function createTaskChanges(sql: Statements, log: BoardLog, places: Places) {
  function createTask(step: Step, task: TaskRow) {
    const change = () => {
      sql.insertTask.run(task);
      return { task: toTask(task) };
    };
    const event = log.append(step, task.boardId, "task_created", change, { subjectId: task.id, undo: {} });
    places.settleTask(step, task.boardId, task.listId, task.position);
    return event;
  }

  /** @param patch only what is really different */
  function updateTask(step: Step, task: TaskRow, patch: TaskPatch) {
    const version = task.version + 1;
    const changed = Object.keys(patch) as TaskField[];
    const after: TaskRow = {
      ...task,
      ...patch,
      version,
      updatedAt: step.at,
      ...(patch.title !== undefined && { titleVersion: version, titleBy: step.userId }),
      ...(patch.description !== undefined && { descriptionVersion: version, descriptionBy: step.userId }),
    };
    const before = Object.fromEntries(changed.map((field) => [field, task[field]])) as TaskPatch;
    const change = () => {
      sql.updateTask.run(after);
      return { task: toTask(after), changed };
    };
    return log.append(step, task.boardId, "task_updated", change, { subjectId: task.id, undo: { before } });
  }

  /** @param overruled whose move the mover had not seen */
  function moveTask(step: Step, task: TaskRow, listId: string, position: string, overruled?: string) {
    const { id, boardId, listId: fromListId } = task;
    const afterId = places.beforeTask(fromListId, task.position);
    const change = (seq: number): DataOf<"task_moved"> => {
      sql.moveTask.run(listId, position, step.at, seq, step.userId, id);
      const moved = toTask({ ...task, listId, position, updatedAt: step.at });
      return { task: moved, fromListId, ...(overruled !== undefined && { overruled }) };
    };
    const undo = { listId: fromListId, position: task.position, afterId };
    const event = log.append(step, boardId, "task_moved", change, { subjectId: id, undo });
    places.settleTask(step, boardId, listId, position);
    return event;
  }

  function deleteTask(step: Step, task: TaskRow) {
    const { id, boardId, listId, title } = task;
    const comments = sql.commentsOfTask.all(id);
    const afterId = places.beforeTask(listId, task.position);
    const change = (seq: number) => {
      sql.deleteTask.run(id);
      sql.rememberDeletion.run("task", id, boardId, step.userId, seq);
      for (const each of comments) sql.rememberDeletion.run("comment", each.id, boardId, step.userId, seq);
      return { taskId: id, listId, title };
    };
    return log.append(step, boardId, "task_deleted", change, {
      subjectId: id,
      undo: { task, afterId, comments },
    });
  }

  function restoreTask(step: Step, task: TaskRow, comments: readonly CommentRow[]) {
    const change = () => {
      restoreRows(sql, [task], comments);
      return { task: toTask(task), comments: comments.map(toComment) };
    };
    const event = log.append(step, task.boardId, "task_restored", change, { subjectId: task.id, undo: {} });
    places.settleTask(step, task.boardId, task.listId, task.position);
    return event;
  }

  function addComment(step: Step, boardId: string, comment: CommentRow) {
    const change = () => {
      sql.insertComment.run(comment);
      sql.forgetDeletion.run("comment", comment.id);
      return { comment: toComment(comment) };
    };
    return log.append(step, boardId, "comment_added", change, { subjectId: comment.taskId, undo: {} });
  }

  function deleteComment(step: Step, boardId: string, comment: CommentRow) {
    const { id, taskId, authorId, text, at } = comment;
    const change = (seq: number) => {
      sql.deleteComment.run(id);
      sql.rememberDeletion.run("comment", id, boardId, step.userId, seq);
      return { commentId: id, taskId };
    };
    const undo = { comment: { id, taskId, authorId, text, at } };
    return log.append(step, boardId, "comment_deleted", change, { subjectId: taskId, undo });
  }

  return { createTask, updateTask, moveTask, deleteTask, restoreTask, addComment, deleteComment };
}

/** Puts back what a deletion has taken with it. */
export function restoreRows(sql: Statements, tasks: readonly TaskRow[], comments: readonly CommentRow[]) {
  for (const task of tasks) {
    sql.insertTask.run(task);
    sql.forgetDeletion.run("task", task.id);
  }
  for (const comment of comments) {
    sql.insertComment.run(comment);
    sql.forgetDeletion.run("comment", comment.id);
  }
  return { tasks: tasks.map(toTask), comments: comments.map(toComment) };
}
