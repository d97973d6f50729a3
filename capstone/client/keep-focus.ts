// An element that is moved in the document, or drawn anew in another list, loses the focus. This gives it back.

/** @returns gives the focus, the caret and the lists' scroll positions back, if the redrawing has taken them */
export function keepFocus(root: HTMLElement): () => void {
  const focused = document.activeElement;
  const wasInside = root.contains(focused);
  const scrolled = [...root.querySelectorAll<HTMLElement>("[data-cards]")].map(
    (element) => [element, element.scrollTop] as const,
  );
  const taskId = focused?.closest<HTMLElement>("[data-task-id]")?.dataset.taskId;
  const part = focused instanceof HTMLElement ? focused.dataset.part : undefined;

  return () => {
    for (const [element, top] of scrolled) {
      // Only what was put elsewhere in the document is at 0 all of a sudden; all else is the browser's scroll anchoring.
      if (top > 0 && element.scrollTop === 0 && element.isConnected) element.scrollTop = top;
    }
    if (!focused || !wasInside || document.activeElement === focused) return;
    if (document.activeElement && document.activeElement !== document.body) return;
    const target = focused.isConnected ? focused : partOf(root, taskId, part);
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  };
}

function partOf(root: HTMLElement, taskId: string | undefined, part: string | undefined): Element | null {
  if (!taskId) return null;
  const card = root.querySelector(`[data-task-id="${CSS.escape(taskId)}"]`);
  return card?.querySelector(`[data-part="${part ?? "open"}"]`) ?? null;
}
