import { useState } from "preact/hooks";
import { request } from "../api.ts";
import { useBoard } from "../board/context.ts";
import { go } from "../router.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { Field, Problem } from "../widgets/field.tsx";

/** Not to be undone: so its name has to be written. */
export function DeleteBoard({ onClose }: { onClose(): void }) {
  const { model } = useBoard();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const name = model.view.value?.board.name ?? "";

  async function remove(): Promise<void> {
    const reply = await request("DELETE", `/boards/${encodeURIComponent(model.boardId)}`);
    if (reply.ok) go("/");
    else setProblem(reply.error.message);
  }

  return (
    <Dialog title="Delete the board" kind="small" onClose={onClose}>
      <form
        class="dialog-body stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() === name) remove();
        }}
      >
        <p>
          All lists, cards and comments go with it, for everybody. This cannot be undone. To keep a copy,
          export the board first, in its menu: an export can be imported again.
        </p>
        <Field
          label={`Write “${name}” to confirm`}
          value={text}
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <Problem text={problem} />
        <div class="row end">
          <button type="button" class="button quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button danger solid" disabled={text.trim() !== name}>
            Delete the board
          </button>
        </div>
      </form>
    </Dialog>
  );
}
