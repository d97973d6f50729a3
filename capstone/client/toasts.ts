// Short messages at the edge of the page. They take no focus, and wait while somebody reads them.
import { signal } from "@preact/signals";
import { randomId } from "./sync/tabs.ts";

export interface Toast {
  readonly id: string;
  readonly text: string;
  readonly tone: "plain" | "warning";
  readonly actions: readonly { readonly name: string; run(): void }[];
  /** How long it stays, in milliseconds; undefined: until it is dismissed. */
  readonly stayMs: number | undefined;
  onClose?(): void;
}

export const toasts = signal<readonly Toast[]>([]);

/** The id of the toast that offers to take back the last change. */
export const UNDO_TOAST = "undo";

/** More would hide the board. */
const MOST = 4;

/** @returns its id. One with the same id is replaced. */
export function showToast(toast: Partial<Toast> & { text: string }): string {
  const id = toast.id ?? randomId();
  const shown: Toast = { tone: "plain", actions: [], stayMs: 7_000, ...toast, id };
  const others = toasts.value.filter((each) => each.id !== id);
  for (const old of others.slice(0, Math.max(0, others.length + 1 - MOST))) old.onClose?.();
  toasts.value = [...others.slice(-(MOST - 1)), shown];
  return id;
}

export function closeToast(id: string): void {
  const toast = toasts.value.find((each) => each.id === id);
  if (!toast) return;
  toasts.value = toasts.value.filter((each) => each.id !== id);
  toast.onClose?.();
}

/** Also those that wait for an answer. */
export function clearToasts(): void {
  toasts.value = [];
}

/** Says why something was refused. */
export function showError(error: { readonly message: string }): void {
  showToast({ text: error.message, tone: "warning" });
}
