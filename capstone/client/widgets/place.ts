/** Below its anchor, or above where there is no room; never outside the window. */
export function place(element: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const below = at.bottom + 4;
  const top = below + height > innerHeight - 8 ? Math.max(8, at.top - height - 4) : below;
  const left = Math.max(8, Math.min(at.left, innerWidth - width - 8));
  element.style.top = `${top}px`;
  element.style.left = `${left}px`;
}
