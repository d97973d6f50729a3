import { useEffect, useRef, useState } from "preact/hooks";
import type { Task } from "../../board/events.ts";
import { LIMITS } from "../../board/limits.ts";
import { deleteCard, neighbourOf } from "../board/actions.ts";
import { useBoard } from "../board/context.ts";
import { EditingBadge } from "../board/people.tsx";
import { goBack, replace } from "../router.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { TrashIcon } from "../widgets/icons.tsx";
import { CardFacts } from "./card-facts.tsx";
import { CardHistory } from "./card-history.tsx";
import { CardText } from "./card-text.tsx";
import { Comments } from "./comments.tsx";
import { ConflictPanel } from "./conflict.tsx";
import { DeletedCard } from "./deleted-card.tsx";

/** One card, with everything that it has. Its address can be sent to somebody. */
export function CardDialog({ taskId }: { readonly taskId: string }) {
  const { model, filter } = useBoard();
  const task = model.view.value?.tasks.get(taskId);
  const last = useRef<Task | undefined>(undefined);
  if (task) last.current = task;
  const isLeaving = useRef(false);
  const next = useRef<HTMLElement | undefined>(undefined);
  const [tab, setTab] = useState<"comments" | "history">("comments");
  const close = () => goBack({ view: "board", boardId: model.boardId, taskId: undefined, filter });

  // An address of a card that is not on the board any more, and never was while this page was open.
  const isUnknown = !task && !last.current;
  useEffect(() => {
    if (isLeaving.current && !task)
      replace({ view: "board", boardId: model.boardId, taskId: undefined, filter });
  }, [task, model, filter]);

  if (isUnknown || !last.current) {
    return (
      <Dialog title="No such card" kind="small" onClose={close}>
        <div class="dialog-body">
          <p>This card was deleted, or the link is incomplete.</p>
        </div>
      </Dialog>
    );
  }
  const shown = task ?? last.current;
  const editors = model.editors.value.get(taskId);
  const conflicts = model.state.value.notices.filter(
    (notice) => notice.kind === "conflict" && notice.taskId === taskId,
  );
  const canEdit = model.canEdit.value && task !== undefined;

  return (
    <Dialog title={shown.title} titleHidden kind="card" onClose={close} returnTo={() => next.current}>
      <div class="dialog-body card-dialog" data-card-dialog={taskId}>
        {!task && <DeletedCard task={shown} onClose={close} />}
        {conflicts.map(
          (notice) => notice.kind === "conflict" && <ConflictPanel key={notice.id} notice={notice} />,
        )}
        {editors && (
          <p class="dialog-editors">
            <EditingBadge editors={editors} />
          </p>
        )}
        <CardText
          task={shown}
          field="title"
          label="Title"
          maxLength={LIMITS.title}
          canEdit={canEdit}
          isGone={!task}
        />
        <div class="card-columns">
          <div class="card-main">
            <CardText
              task={shown}
              field="description"
              label="Description"
              maxLength={LIMITS.description}
              canEdit={canEdit}
              isGone={!task}
            />
            {task && (
              <section class="card-more" aria-label="Comments and history">
                <div class="tabs" role="tablist" aria-label="Comments and history">
                  {(["comments", "history"] as const).map((each) => (
                    <button
                      key={each}
                      type="button"
                      role="tab"
                      id={`tab-${each}`}
                      aria-selected={tab === each}
                      aria-controls="tab-panel"
                      tabIndex={tab === each ? 0 : -1}
                      onClick={() => setTab(each)}
                      onKeyDown={(event) => {
                        if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
                        const other = each === "comments" ? "history" : "comments";
                        setTab(other);
                        document.getElementById(`tab-${other}`)?.focus();
                      }}
                    >
                      {each === "comments" ? "Comments" : "History"}
                    </button>
                  ))}
                </div>
                <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}>
                  {tab === "comments" ? <Comments task={task} /> : <CardHistory task={task} />}
                </div>
              </section>
            )}
          </div>
          {task && (
            <aside class="card-side" aria-label="About the card">
              <CardFacts task={task} />
              {canEdit && (
                <button
                  type="button"
                  class="button quiet danger"
                  onClick={() => {
                    next.current = neighbourOf(taskId);
                    isLeaving.current = true;
                    deleteCard(model, taskId);
                  }}
                >
                  <TrashIcon />
                  Delete card
                </button>
              )}
            </aside>
          )}
        </div>
      </div>
    </Dialog>
  );
}
