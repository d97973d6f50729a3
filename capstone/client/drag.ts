// Dragging cards and lists. One element takes all drops, and where something would land follows from the pointer: cards that
// come, go or move while somebody drags have nothing to register, and nothing to break.
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { signal } from "@preact/signals";
import { autoScroll } from "./auto-scroll.ts";
import { indexAt } from "./placement.ts";

export type Dragged = { readonly kind: "card" | "list"; readonly id: string };

/** Where it would land. */
export interface Spot {
  readonly kind: "card" | "list";
  /** Of cards: the list. */
  readonly listId: string | undefined;
  /** Among the others. */
  readonly index: number;
  /** Where to draw the line, in the list's or the board's own pixels. */
  readonly offset: number;
}

export const dragged = signal<Dragged | undefined>(undefined);
export const spot = signal<Spot | undefined>(undefined);

export interface DragOptions {
  canDrag(): boolean;
  onDrop(dragged: Dragged, spot: Spot): void;
}

/** @param board contains the lists: `[data-list-id]`, with `[data-cards]` and `[data-task-id]` inside. @returns stops */
export function startDragging(board: HTMLElement, { canDrag, onDrop }: DragOptions): () => void {
  const registered = new Map<HTMLElement, () => void>();

  // A thousand cards need not be prepared for a drag: the one under the pointer is enough.
  function prepare({ target }: Event): void {
    const element = (target as Element).closest?.<HTMLElement>("[data-task-id], [data-list-handle]");
    const dragItem = element?.matches("[data-list-handle]")
      ? element.closest<HTMLElement>("[data-list-id]")
      : element;
    if (!element || !dragItem || registered.has(dragItem) || !canDrag()) return;
    const { taskId, listId } = dragItem.dataset;
    const data: Dragged | undefined = taskId
      ? { kind: "card", id: taskId }
      : listId
        ? { kind: "list", id: listId }
        : undefined;
    if (!data) return;
    for (const [old, release] of registered) {
      if (old.isConnected) continue;
      release();
      registered.delete(old);
    }
    const release = draggable({
      element: dragItem,
      ...(data.kind === "list" && { dragHandle: element }),
      canDrag,
      getInitialData: () => ({ ...data }),
    });
    registered.set(dragItem, release);
  }

  const scroll = autoScroll(board);

  const stop = [
    dropTargetForElements({ element: board }),
    monitorForElements({
      onDragStart({ source }) {
        const { kind, id } = source.data as unknown as Dragged;
        dragged.value = { kind, id };
        source.element.dataset.dragged = "";
      },
      onDrag({ location }) {
        const { clientX, clientY } = location.current.input;
        const isOver = location.current.dropTargets.length > 0;
        scroll.at(isOver ? { x: clientX, y: clientY } : undefined);
        spot.value = isOver && dragged.value ? spotAt(board, dragged.value, clientX, clientY) : undefined;
      },
      onDrop({ location, source }) {
        const { kind, id } = source.data as unknown as Dragged;
        const { clientX, clientY } = location.current.input;
        const isOver = location.current.dropTargets.length > 0;
        // Read again: the lists may have changed since the pointer moved last.
        const last = isOver ? spotAt(board, { kind, id }, clientX, clientY) : undefined;
        delete source.element.dataset.dragged;
        scroll.at(undefined);
        dragged.value = undefined;
        spot.value = undefined;
        if (last) onDrop({ kind, id }, last);
      },
    }),
  ];
  board.addEventListener("pointerover", prepare);
  board.addEventListener("pointerdown", prepare);

  return () => {
    board.removeEventListener("pointerover", prepare);
    board.removeEventListener("pointerdown", prepare);
    for (const each of stop) each();
    for (const release of registered.values()) release();
    scroll.at(undefined);
    dragged.value = undefined;
    spot.value = undefined;
  };
}

function spotAt(board: HTMLElement, { kind, id }: Dragged, x: number, y: number): Spot | undefined {
  const lists = [...board.querySelectorAll<HTMLElement>("[data-list-id]")];
  if (kind === "list") {
    const others = lists.filter(({ dataset }) => dataset.listId !== id);
    const rects = others.map((list) => list.getBoundingClientRect());
    const index = indexAt(x, rects.length, (each) => middle(rects[each]?.left, rects[each]?.right));
    const [next, previous] = [rects[index], rects[index - 1]];
    const edge = next ? next.left - 8 : (previous?.right ?? 0) + 6;
    const offset = edge - board.getBoundingClientRect().left + board.scrollLeft;
    return { kind, listId: undefined, index, offset };
  }
  const list = lists.find((each) => x <= each.getBoundingClientRect().right + 6) ?? lists.at(-1);
  const cards = list?.querySelector<HTMLElement>("[data-cards]");
  if (!list || !cards) return undefined;
  const items = [...cards.querySelectorAll<HTMLElement>(":scope > [data-task-id]")].filter(
    ({ dataset }) => dataset.taskId !== id,
  );
  const rectOf = (index: number) => items[index]?.getBoundingClientRect();
  const index = indexAt(y, items.length, (each) => middle(rectOf(each)?.top, rectOf(each)?.bottom));
  const top = cards.getBoundingClientRect().top - cards.scrollTop;
  const previous = rectOf(index - 1);
  const next = rectOf(index);
  const edge = previous ? previous.bottom + 3 : next ? next.top - 5 : top + 3;
  return { kind, listId: list.dataset.listId, index, offset: edge - top };
}

function middle(start = 0, end = 0): number {
  return (start + end) / 2;
}
