// Who has done something to a card: from what this page has heard, or from the board's activity if it was not here then.
import type { BoardEvent } from "../../board/events.ts";
import { request } from "../api.ts";
import type { BoardModel } from "../board-model.ts";

export interface Activity {
  /** Newest first. */
  readonly events: readonly BoardEvent[];
  readonly more: boolean;
}

export function activityOf(boardId: string, before?: number, limit = 50) {
  const query = new URLSearchParams({ limit: String(limit) });
  if (before !== undefined) query.set("before", String(before));
  return request<Activity>("GET", `/boards/${encodeURIComponent(boardId)}/activity?${query}`);
}

/** Whoever has edited it last, other than the user. Undefined when that cannot be found out. */
export function whoChanged(model: BoardModel, taskId: string): Promise<string | undefined> {
  return nameOfLast(
    model,
    (event) =>
      event.type === "task_updated" && event.data.task.id === taskId && event.actorId !== model.userId,
  );
}

export function whoDeleted(model: BoardModel, taskId: string, listId: string): Promise<string | undefined> {
  return nameOfLast(
    model,
    (event) =>
      (event.type === "task_deleted" && event.data.taskId === taskId) ||
      (event.type === "list_deleted" && event.data.listId === listId),
  );
}

async function nameOfLast(
  model: BoardModel,
  isIt: (event: BoardEvent) => boolean,
): Promise<string | undefined> {
  const heard = model.recentEvents().find(isIt);
  if (heard) return model.nameOf(heard.actorId);
  const reply = await activityOf(model.boardId);
  const event = reply.ok ? reply.body.events.find(isIt) : undefined;
  return event && model.nameOf(event.actorId);
}
