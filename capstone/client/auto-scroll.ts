// While something is dragged near an edge, the list or the board scrolls.

/** How near, in pixels. */
const NEAR = 56;
/** The most, in pixels a frame. */
const SPEED = 14;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** @returns `at(point)` while the pointer is there; `at(undefined)` stops */
export function autoScroll(board: HTMLElement) {
  let point: Point | undefined;
  let frame = 0;

  function step(): void {
    frame = 0;
    if (!point) return;
    const { x, y } = point;
    const area = board.getBoundingClientRect();
    board.scrollLeft += speed(x, area.left, area.right);
    const list = document.elementFromPoint(x, y)?.closest("[data-list-id]")?.querySelector("[data-cards]");
    if (list) {
      const { top, bottom } = list.getBoundingClientRect();
      list.scrollTop += speed(y, top, bottom);
    }
    frame = requestAnimationFrame(step);
  }

  return {
    at(next: Point | undefined): void {
      point = next;
      if (point && frame === 0) frame = requestAnimationFrame(step);
      if (!point) cancelAnimationFrame(frame);
      if (!point) frame = 0;
    },
  };
}

function speed(at: number, start: number, end: number): number {
  const toStart = at - start;
  const toEnd = end - at;
  if (toStart >= 0 && toStart < NEAR) return -SPEED * (1 - toStart / NEAR);
  if (toEnd >= 0 && toEnd < NEAR) return SPEED * (1 - toEnd / NEAR);
  return 0;
}
