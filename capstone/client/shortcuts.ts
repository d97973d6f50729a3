// Single keys do something when nobody is writing.

export interface Shortcut {
  /** As in `KeyboardEvent.key`; with `mod+` for Ctrl, or Cmd on a Mac. */
  readonly key: string;
  readonly name: string;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { key: "↑ ↓ ← →", name: "From card to card" },
  { key: "Enter", name: "Open the card" },
  { key: "m", name: "Actions of the card: move, assign, delete" },
  { key: "n", name: "New card in this list" },
  { key: "/", name: "Search" },
  { key: "Ctrl Z", name: "Undo (on a Mac: ⌘ Z)" },
  { key: "Ctrl ⇧ Z", name: "Redo" },
  { key: "?", name: "This help" },
];

/** `mod+shift+z`, `n`, `ArrowUp`. */
export function keyOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">,
): string {
  const isModified = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.altKey) return `alt+${key}`;
  if (!isModified) return key;
  return `mod+${event.shiftKey ? "shift+" : ""}${key}`;
}

/** Whether keys are text there. */
export function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
  );
}
