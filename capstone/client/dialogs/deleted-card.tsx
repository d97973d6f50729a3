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
  const draft = model.drafts.read(task.id, "comment");
  /** One that was sent is no draft any more: if it is refused, that is said. */
  const comment = draft?.sentKey ? undefined : draft;
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
    // Whoever was writing it has not sent it, and still may.
    if (comment) model.drafts.write(id, "comment", comment);
    forget();
    replace({ view: "board", boardId: model.boardId, taskId: id, filter });
  }

  function forget(): void {
    model.drafts.remove(task.id, "title");
    model.drafts.remove(task.id, "description");
    model.drafts.remove(task.id, "comment");
  }

  function copy(): void {
    const texts = [draftOf("title"), draftOf("description"), comment?.text ?? ""];
    copyText(
      texts
        .map((text) => text.trim())
        .filter(Boolean)
        .join("\n\n"),
    );
  }

  return (
    <div class="notice warning" role="alert">
      <p>
        <strong>{name ? `${name} deleted this card.` : "This card was deleted."}</strong> What you see here,
        and what you were writing, is still yours.
      </p>
      {comment && (
        <div>
          <p class="card-label">Your comment</p>
          <p class="unsaved-text" dir="auto">
            {comment.text}
          </p>
        </div>
      )}
      <div class="row">
        <button type="button" class="button" onClick={copy}>
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
