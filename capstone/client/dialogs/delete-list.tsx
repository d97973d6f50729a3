import type { List } from "../../board/events.ts";
import { deleteList } from "../board/actions.ts";
import { useBoard } from "../board/context.ts";
import { Dialog } from "../widgets/dialog.tsx";

export interface DeleteListProps {
  readonly list: List;
  /** How many cards go with it. */
  readonly cards: number;
  onClose(): void;
}

/** One list may be a lot of work by many: so it is asked before. */
export function DeleteList({ list, cards, onClose }: DeleteListProps) {
  const { model } = useBoard();
  return (
    <Dialog title={`Delete the list “${list.name}”?`} kind="small" onClose={onClose}>
      <div class="dialog-body stack">
        <p>
          {cards === 1 ? "The card in it is" : `The ${cards} cards in it are`} deleted with it, for everybody.
          You can take it back, also later from the board's activity.
        </p>
        <div class="row end">
          <button type="button" class="button quiet" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            class="button danger solid"
            onClick={() => {
              onClose();
              deleteList(model, list.id);
            }}
          >
            Delete the list
          </button>
        </div>
      </div>
    </Dialog>
  );
}
