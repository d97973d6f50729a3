import type { BoardModel } from "../board-model.ts";
import { isWriting, keyOf } from "../shortcuts.ts";

export interface KeyActions {
  readonly model: BoardModel;
  help(): void;
}

/** Keys for the whole board. @returns stops */
export function startKeys({ model, help }: KeyActions): () => void {
  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const key = keyOf(event);
    if (isWriting(event.target)) return;
    const action = actions[key];
    if (action?.() === true) event.preventDefault();
  }

  const actions: Record<string, () => boolean> = {
    "mod+z": () => run(() => model.canEdit.peek() && model.undo()),
    "mod+shift+z": () => run(() => model.canEdit.peek() && model.redo()),
    "mod+y": () => run(() => model.canEdit.peek() && model.redo()),
    "?": () => run(help),
    "/": () => run(() => document.querySelector<HTMLElement>("[data-search]")?.focus()),
    n: newCard,
    m: () => click(focusedCard()?.querySelector("[data-part=menu]")),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    ArrowRight: () => across(1),
    ArrowLeft: () => across(-1),
  };

  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

function run(action: () => unknown): boolean {
  action();
  return true;
}

function focusedCard(): Element | undefined {
  return document.activeElement?.closest("[data-task-id]") ?? undefined;
}

/** In the list of the focused card, or in the first one. */
function newCard(): boolean {
  const list = document.activeElement?.closest("[data-list-id]") ?? document.querySelector("[data-list-id]");
  return click(list?.querySelector("[data-add-card]"));
}

function click(element: Element | null | undefined): boolean {
  if (!(element instanceof HTMLElement)) return false;
  element.click();
  return true;
}

/** To the next card in the list. From nowhere to the first one. */
function step(by: 1 | -1): boolean {
  const card = focusedCard();
  if (!card) {
    if (document.activeElement !== document.body && document.activeElement?.id !== "main") return false;
    return focus(document.querySelector("[data-task-id]"));
  }
  const sibling = by === 1 ? card.nextElementSibling : card.previousElementSibling;
  return focus(sibling);
}

/** To the card that is at about the same height in the next list that has cards. */
function across(by: 1 | -1): boolean {
  const card = focusedCard();
  const list = card?.closest("[data-list-id]");
  if (!card || !list) return false;
  const top = card.getBoundingClientRect().top;
  const lists = [...document.querySelectorAll("[data-list-id]")];
  for (let index = lists.indexOf(list) + by; index >= 0 && index < lists.length; index += by) {
    const cards = [...(lists[index]?.querySelectorAll("[data-task-id]") ?? [])];
    const at = cards.findIndex((each) => each.getBoundingClientRect().bottom > top);
    const target = cards[at] ?? cards.at(-1);
    if (target) return focus(target);
  }
  return true;
}

function focus(card: Element | null | undefined): boolean {
  const part = card?.querySelector<HTMLElement>("[data-part=open]");
  part?.focus();
  part?.closest("[data-task-id]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  return part !== undefined && part !== null;
}
