// What was taken back or done again is said: it may be far away on the board, or in a card that is closed.
import type { BoardEvent } from "../board/events.ts";
import type { BoardModel } from "./board-model.ts";
import { namesFrom } from "./dialogs/event-names.ts";
import { whatText } from "./dialogs/event-text.ts";
import type { ClientState } from "./sync/board-client.ts";
import { closeToast, showToast, UNDO_TOAST } from "./toasts.ts";

const DONE = { undo: "Undone", redo: "Done again" } as const;
/** It is true also of what is done in the meantime, so that does not close it. */
const WISH_TOAST = "undo-wish";
const WAITS = { undo: "This will be undone", redo: "This will be done again" } as const;

/** @param recent events that are known, for the names of things */
export function createUndoToasts(
  model: Pick<BoardModel, "view" | "members" | "userId">,
  recent: () => readonly BoardEvent[],
) {
  /** Not answered yet. By the key of the command. */
  const asked = new Map<string, string>();

  function textOf(event: BoardEvent | undefined): string | undefined {
    return event && whatText(event, namesFrom(model, recent()));
  }

  const show = (text: string) => showToast({ id: UNDO_TOAST, text, stayMs: 5_000 });

  return {
    textOf,

    /** It waits for the change that is meant, and that may take a while. */
    tellWish(how: "undo" | "redo"): void {
      const text = `${WAITS[how]} when the change has reached the server.`;
      showToast({ id: WISH_TOAST, text, stayMs: 5_000 });
    },

    /** @param key of the command that does it; undefined: there is none */
    tell(
      how: "undo" | "redo",
      event: BoardEvent | undefined,
      key: string | undefined,
      isOffline = false,
    ): void {
      closeToast(WISH_TOAST);
      if (key === undefined) return;
      const text = textOf(event);
      asked.set(key, text === undefined ? `${DONE[how]}.` : `${DONE[how]}: ${text}`);
      if (isOffline) show(`${WAITS[how]} when the server is back${text === undefined ? "." : `: ${text}`}`);
    },

    /** Only what the log has passed is done. What was refused is a notice. */
    look({ pending, notices }: Pick<ClientState, "pending" | "notices">): void {
      for (const [key, text] of asked) {
        if (pending.some((change) => change.key === key)) continue;
        asked.delete(key);
        if (!notices.some(({ id }) => id === key)) show(text);
      }
    },
  };
}
