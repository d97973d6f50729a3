// What a command will probably do, before the server has said so. `view = pending.reduce(predict, confirmed)`.
import { generateKeyBetween } from "fractional-indexing";
import {
  type BoardState,
  byPosition,
  putComment,
  putList,
  putTask,
  removeComment,
  removeList,
  removeTasks,
  renameBoard,
} from "./board-state.ts";
import type { Command } from "./commands.ts";
import type { Task } from "./events.ts";

/** A command that the log has not passed yet. */
export interface Pending {
  readonly command: Command;
  /** Who gives it. */
  readonly actorId: string;
  /** When it was given: ISO 8601, UTC. */
  readonly at: string;
}

/**
 * The state after a command, as far as a client can know. A command that makes no sense in this state (its task is gone, its list is
 * not there) changes nothing: the server will refuse it, and say so. One that the state contains already changes nothing
 * either.
 *
 * `undo` is not predicted: only the server knows what was there before.
 */
export function predict(state: BoardState, { command, actorId, at }: Pending): BoardState {
  switch (command.type) {
    case "rename_board":
      return renameBoard(state, command.board.name);
    case "create_list": {
      const { id, name, ...place } = command.list;
      if (id === undefined || state.lists.some((list) => list.id === id)) return state;
      return putList(state, { id, name, position: positionAmong(state.lists, id, place) });
    }
    case "rename_list": {
      const list = state.lists.find(({ id }) => id === command.listId);
      return list ? putList(state, { ...list, name: command.list.name }) : state;
    }
    case "move_list": {
      const list = state.lists.find(({ id }) => id === command.listId);
      if (!list) return state;
      return putList(state, { ...list, position: positionAmong(state.lists, list.id, command.place) });
    }
    case "delete_list":
      return removeList(state, command.listId);
    case "create_task": {
      const { id, listId, title, description = "", assigneeId = null, ...rest } = command.task;
      const { labels = [], dueOn = null, ...place } = rest;
      if (id === undefined || state.tasks.has(id) || !hasList(state, listId)) return state;
      const position = positionAmong(tasksOf(state, listId), id, place);
      const versions = { version: 1, updatedAt: at, createdBy: actorId };
      return putTask(state, {
        id,
        listId,
        title,
        description,
        assigneeId,
        labels,
        dueOn,
        position,
        ...versions,
      });
    }
    case "update_task": {
      const task = state.tasks.get(command.taskId);
      if (!task) return state;
      const { version: _, ...change } = command.change;
      return putTask(state, { ...task, ...given(change), updatedAt: at });
    }
    case "move_task": {
      const task = state.tasks.get(command.taskId);
      const { listId, seen: _, ...place } = command.place;
      if (!task || !hasList(state, listId)) return state;
      const position = positionAmong(tasksOf(state, listId), task.id, place);
      return putTask(state, { ...task, listId, position, updatedAt: at });
    }
    case "delete_task":
      return removeTasks(state, [command.taskId]);
    case "add_comment": {
      const { id, text } = command.comment;
      const { taskId } = command;
      if (id === undefined || state.comments.has(id) || !state.tasks.has(taskId)) return state;
      return putComment(state, { id, taskId, authorId: actorId, text, at });
    }
    case "delete_comment":
      return removeComment(state, command.commentId);
    case "undo":
      return state;
  }
}

/** The tasks of a list, in order. */
export function tasksOf(state: BoardState, listId: string): readonly Task[] {
  return [...state.tasks.values()].filter((task) => task.listId === listId).sort(byPosition);
}

/**
 * Where the server would put something: after `afterId`, else before `beforeId`, else at the end.
 * @param siblings in order
 */
export function positionAmong(
  siblings: readonly { readonly id: string; readonly position: string }[],
  movingId: string,
  { afterId, beforeId }: { afterId?: string | undefined; beforeId?: string | undefined },
): string {
  const others = siblings.filter(({ id }) => id !== movingId);
  const after = others.findIndex(({ id }) => id === afterId);
  const before = others.findIndex(({ id }) => id === beforeId);
  const index = after >= 0 ? after + 1 : before >= 0 ? before : others.length;
  return generateKeyBetween(others[index - 1]?.position ?? null, others[index]?.position ?? null);
}

function hasList(state: BoardState, listId: string): boolean {
  return state.lists.some(({ id }) => id === listId);
}

/** Without the keys whose value is undefined. */
function given<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as never;
}
