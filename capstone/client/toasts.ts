// Short messages at the edge of the page. They take no focus, and wait while somebody reads them.
import { signal } from "@preact/signals";
import { randomId } from "./sync/tabs.ts";

export interface Toast {
  readonly id: string;
  readonly text: string;
  readonly tone: "plain" | "warning";
  readonly actions: readonly { readonly name: string; run(): void }[];
  /** The user's own words, which would be gone with it: they can be copied. */
  readonly written?: string;
  /** How long it stays, in milliseconds; undefined: until it is dismissed. */
  readonly stayMs: number | undefined;
  /** Is called when it is dismissed, or its time is over: not when it has to make room, or its page is left. */
  onClose?(): void;
}

export const toasts = signal<readonly Toast[]>([]);

/** The id of the toast that offers to take back the last change. */
export const UNDO_TOAST = "undo";

/** More would hide the board. Those that wait for an answer stay nevertheless: a text could be lost with them. */
const MOST = 4;

/** @returns its id. One with the same id is replaced. */
export function showToast(toast: Partial<Toast> & { text: string }): string {
  const id = toast.id ?? randomId();
  const shown: Toast = { tone: "plain", actions: [], stayMs: 7_000, ...toast, id };
  const others = toasts.value.filter((each) => each.id !== id);
  const surplus = Math.max(0, others.length + 1 - MOST);
  const evicted = others.filter(({ stayMs }) => stayMs !== undefined).slice(0, surplus);
  toasts.value = [...others.filter((each) => !evicted.includes(each)), shown];
  return id;
}

/** Takes it away. What it said is not settled by that. */
export function closeToast(id: string): void {
  if (!toasts.value.some((each) => each.id === id)) return;
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

/** The user has seen it, or its time is over. */
export function dismissToast(id: string): void {
  const toast = toasts.value.find((each) => each.id === id);
  closeToast(id);
  toast?.onClose?.();
}

/** Also those that wait for an answer. */
export function clearToasts(): void {
  toasts.value = [];
}

/** Says why something was refused. */
export function showError(error: { readonly message: string }): void {
  showToast({ text: error.message, tone: "warning" });
}
