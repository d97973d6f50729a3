// Cards that come to another place glide there: first, last, invert, play. Only what can be seen is looked at, all of it is read
// before anything is written, and only transforms are animated, so nothing is laid out again.
import { indexAt } from "./placement.ts";

/** In milliseconds. */
const DURATION_MS = 180;
/** If more cards than this would move, only those glide that somebody has moved: on a full board the eye does not follow the rest. */
const MOST = 12;

interface Place {
  readonly left: number;
  readonly top: number;
}

/** By task. */
export type Places = ReadonlyMap<string, Place>;

export const NOWHERE: Places = new Map();

/** Where the cards of these lists are that can be seen. Nowhere, for users who want no motion. */
export function placesIn(root: HTMLElement, listIds: readonly string[]): Places {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return NOWHERE;
  const places = new Map<string, Place>();
  for (const listId of listIds) {
    const list = root.querySelector<HTMLElement>(`[data-list-id="${CSS.escape(listId)}"] [data-cards]`);
    const area = list && visibleArea(list);
    if (!list || !area) continue;
    const cards = list.children;
    const bottomOf = (index: number) => cards[index]?.getBoundingClientRect().bottom ?? 0;
    for (let index = indexAt(area.top, cards.length, bottomOf); index < cards.length; index += 1) {
      const card = cards[index] as HTMLElement;
      const { left, top } = card.getBoundingClientRect();
      if (top > area.bottom) break;
      if (card.dataset.taskId) places.set(card.dataset.taskId, { left, top });
    }
  }
  return places;
}

/**
 * Plays the way from there to where the cards are now. The focused card stays where it is.
 * @param moved those that somebody has moved; others only make way
 */
export function playFrom(before: Places, moved: ReadonlySet<string>): void {
  const moves: { taskId: string; card: HTMLElement; x: number; y: number }[] = [];
  for (const [taskId, from] of before) {
    const card = document.getElementById(`card-${taskId}`);
    if (!card || card.contains(document.activeElement)) continue;
    const to = card.getBoundingClientRect();
    const x = from.left - to.left;
    const y = from.top - to.top;
    if (Math.abs(x) > 1 || Math.abs(y) > 1) moves.push({ taskId, card, x, y });
  }
  for (const { taskId, card, x, y } of moves) {
    if (moves.length > MOST && !moved.has(taskId)) continue;
    card.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], {
      duration: DURATION_MS,
      easing: "cubic-bezier(.2, 0, 0, 1)",
    });
  }
}

/** Undefined if it is beside the window. */
function visibleArea(list: HTMLElement): { top: number; bottom: number } | undefined {
  const { left, right, top, bottom } = list.getBoundingClientRect();
  const isBeside = right < 0 || left > innerWidth;
  return isBeside ? undefined : { top: Math.max(0, top), bottom: Math.min(innerHeight, bottom) };
}
