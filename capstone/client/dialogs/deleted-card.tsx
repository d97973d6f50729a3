import { useEffect, useState } from "preact/hooks";
import type { Task } from "../../board/events.ts";
import { useBoard } from "../board/context.ts";
import { whoDeleted } from "../board/who.ts";
import { copyText } from "../copy-text.ts";
import { replace } from "../router.ts";
import { randomId } from "../sync/tabs.ts";

/** Somebody has deleted the card that is open. Nothing that was written is lost. */
export function DeletedCard({ task, onClose }: { readonly task: Task; onClose(): void }) {
  const { model, filter } = useBoard();
  const [name, setName] = useState<string>();
  useEffect(() => {
    whoDeleted(model, task.id, task.listId).then(setName);
  }, [model, task.id, task.listId]);

  const draftOf = (field: "title" | "description") => {
    const draft = model.drafts.read(task.id, field);
    return draft?.text ?? task[field];
  };
  const lists = model.view.value?.lists ?? [];
  const list = lists.find(({ id }) => id === task.listId) ?? lists[0];

  function make(): void {
    if (!list) return;
    const title = draftOf("title").trim() || task.title;
    const { assigneeId, labels, dueOn } = task;
    const id = randomId();
    model.run({
      type: "create_task",
      task: {
        id,
        listId: list.id,
        title,
        description: draftOf("description"),
        assigneeId,
        labels: [...labels],
        dueOn,
      },
    });
    forget();
    replace({ view: "board", boardId: model.boardId, taskId: id, filter });
  }

  function forget(): void {
    model.drafts.remove(task.id, "title");
    model.drafts.remove(task.id, "description");
  }

  return (
    <div class="notice warning" role="alert">
      <p>
        <strong>{name ? `${name} deleted this card.` : "This card was deleted."}</strong> What you see here,
        and what you were writing, is still yours.
      </p>
      <div class="row">
        <button
          type="button"
          class="button"
          onClick={() => copyText(`${draftOf("title")}\n\n${draftOf("description")}`.trim())}
        >
          Copy the text
        </button>
        {list && model.canEdit.value && (
          <button type="button" class="button primary" onClick={make}>
            Make a new card with it
          </button>
        )}
        <button
          type="button"
          class="button quiet"
          onClick={() => {
            forget();
            onClose();
          }}
        >
          Let it go
        </button>
      </div>
    </div>
  );
}
