// What the user can do with a card or a list, from wherever it is done.
import { announce, movedText } from "../announce.ts";
import type { BoardModel } from "../board-model.ts";
import { isSamePlace, placeAt } from "../placement.ts";
import { showToast, UNDO_TOAST } from "../toasts.ts";

/** @param index among the other cards of that list */
export function moveCard(model: BoardModel, taskId: string, listId: string, index: number): void {
  const view = model.view.peek();
  const task = view?.tasks.get(taskId);
  const list = view?.lists.find(({ id }) => id === listId);
  if (!task) announce("The card was deleted in the meantime");
  if (!view || !list || !task) return;
  const ids = (model.columns.peek().get(listId) ?? []).map(({ id }) => id);
  if (task.listId === listId && isSamePlace(ids, taskId, index)) return;
  const place = { listId, seen: view.seq, ...placeAt(ids, taskId, index) };
  model.run({ type: "move_task", taskId, place });
  const count = ids.length + (ids.includes(taskId) ? 0 : 1);
  announce(movedText(task.title, list.name, Math.min(index + 1, count), count));
}

export function moveList(model: BoardModel, listId: string, index: number): void {
  const lists = model.view.peek()?.lists ?? [];
  const ids = lists.map(({ id }) => id);
  const list = lists.find(({ id }) => id === listId);
  if (!list || index < 0 || index >= ids.length || isSamePlace(ids, listId, index)) return;
  model.run({ type: "move_list", listId, place: placeAt(ids, listId, index) });
  announce(`Moved the list “${list.name}” to place ${index + 1} of ${ids.length}`);
}

export function deleteCard(model: BoardModel, taskId: string): void {
  const task = model.view.peek()?.tasks.get(taskId);
  if (!task) return;
  neighbourOf(taskId)?.focus();
  model.run({ type: "delete_task", taskId });
  showToast({
    id: UNDO_TOAST,
    text: `“${task.title}” was deleted.`,
    actions: [{ name: "Undo", run: () => model.undo() }],
  });
}

export function deleteList(model: BoardModel, listId: string): void {
  const list = model.view.peek()?.lists.find(({ id }) => id === listId);
  if (!list) return;
  const count = model.columns.peek().get(listId)?.length ?? 0;
  model.run({ type: "delete_list", listId });
  const cards = count === 0 ? "" : ` with ${count === 1 ? "its card" : `its ${count} cards`}`;
  showToast({
    id: UNDO_TOAST,
    text: `The list “${list.name}” was deleted${cards}.`,
    actions: [{ name: "Undo", run: () => model.undo() }],
  });
}

export function assign(model: BoardModel, taskId: string, assigneeId: string | null): void {
  model.run({ type: "update_task", taskId, change: { assigneeId } });
  announce(assigneeId === null ? "Assigned to nobody" : `Assigned to ${model.nameOf(assigneeId)}`);
}

export function focusCard(taskId: string): void {
  document.querySelector<HTMLElement>(`[data-task-id="${CSS.escape(taskId)}"] [data-part="open"]`)?.focus();
}

/** The next card, the one before, or what adds a card. */
export function neighbourOf(taskId: string): HTMLElement | undefined {
  const card = document.querySelector<HTMLElement>(`[data-task-id="${CSS.escape(taskId)}"]`);
  const list = card?.closest("[data-list-id]");
  const cards = [...(list?.querySelectorAll<HTMLElement>("[data-task-id]") ?? [])];
  const at = card ? cards.indexOf(card) : -1;
  const neighbour = cards[at + 1] ?? cards[at - 1];
  const part = neighbour?.querySelector<HTMLElement>("[data-part=open]");
  return part ?? list?.querySelector<HTMLElement>("[data-add-card]") ?? undefined;
}
