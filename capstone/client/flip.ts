// Cards that others have moved glide to their new places: first, last, invert, play. Only transforms, so nothing is laid out again.

/** In milliseconds. */
const DURATION_MS = 180;
/** With more cards in sight than this, nothing is animated: they would all move at once. */
const MOST = 120;

export type Places = ReadonlyMap<string, DOMRect>;

/** Where the cards of these lists are that can be seen. */
export function placesIn(root: HTMLElement, listIds: readonly string[]): Places {
  const places = new Map<string, DOMRect>();
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return places;
  for (const listId of listIds) {
    const list = root.querySelector<HTMLElement>(`[data-list-id="${CSS.escape(listId)}"] [data-cards]`);
    const area = list?.getBoundingClientRect();
    if (!list || !area) continue;
    for (const card of list.querySelectorAll<HTMLElement>(":scope > [data-task-id]")) {
      const place = card.getBoundingClientRect();
      if (place.bottom < area.top) continue;
      if (place.top > area.bottom) break;
      if (card.dataset.taskId) places.set(card.dataset.taskId, place);
      if (places.size > MOST) return new Map();
    }
  }
  return places;
}

/** Plays the way from there to where the cards are now. The focused card stays where it is. */
export function playFrom(before: Places): void {
  if (before.size === 0) return;
  const moves: { card: HTMLElement; x: number; y: number }[] = [];
  for (const [taskId, from] of before) {
    const card = document.getElementById(`card-${taskId}`);
    if (!card || card.contains(document.activeElement)) continue;
    const to = card.getBoundingClientRect();
    const x = from.left - to.left;
    const y = from.top - to.top;
    if (Math.abs(x) > 1 || Math.abs(y) > 1) moves.push({ card, x, y });
  }
  for (const { card, x, y } of moves) {
    card.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], {
      duration: DURATION_MS,
      easing: "cubic-bezier(.2, 0, 0, 1)",
    });
  }
}
