import { useEffect, useRef, useState } from "preact/hooks";
import type { Task } from "../../board/events.ts";
import { useBoard } from "../board/context.ts";
import { whoChanged } from "../board/who.ts";
import { createTyping } from "../typing.ts";
import { GrowingText } from "../widgets/grow.tsx";
import { hasLinks, LinkedText } from "../widgets/linked-text.tsx";

type TextName = "title" | "description";

export interface CardTextProps {
  readonly task: Task;
  readonly field: TextName;
  readonly label: string;
  readonly maxLength: number;
  readonly canEdit: boolean;
  /** Somebody has deleted the card: the text can be read and copied, not saved. */
  readonly isGone: boolean;
}

/** What is being edited. While there is an edit, nothing that others do touches the field. */
interface Edit {
  readonly text: string;
  readonly base: string;
  readonly version: number;
}

export function CardText({ task, field, label, maxLength, canEdit, isGone }: CardTextProps) {
  const { model } = useBoard();
  const { drafts } = model;
  const [edit, setEdit] = useState<Edit | undefined>(() => kept());
  const [changedBy, setChangedBy] = useState<string>();
  const [typing] = useState(() => createTyping(model.client, task.id));
  const area = useRef<HTMLDivElement>(null);
  /** The field is left in the moment in which its text is saved or given up, and before that is drawn: it must not be saved then. */
  const ended = useRef<Edit | undefined>(undefined);
  const now = task[field];
  const text = edit?.text ?? now;
  const isDirty = edit !== undefined && edit.text.trim() !== edit.base.trim();
  const withLinks = field === "description" && hasLinks(text);
  const isOvertaken = edit !== undefined && edit.base !== now && !isGone;

  function kept(): Edit | undefined {
    const draft = drafts.read(task.id, field);
    return draft && !draft.sentKey && draft.text !== task[field] ? draft : undefined;
  }

  useEffect(() => () => typing.stop(), [typing]);

  useEffect(() => {
    if (!isOvertaken) return setChangedBy(undefined);
    let isOver = false;
    whoChanged(model, task.id).then((name) => {
      if (!isOver) setChangedBy(name ?? "Somebody");
    });
    return () => {
      isOver = true;
    };
  }, [isOvertaken, now, model, task.id]);

  function write(value: string): void {
    const line = field === "title" ? value.replace(/\s*\n\s*/g, " ") : value;
    const next = { ...(edit ?? { base: now, version: task.version }), text: line };
    setEdit(next);
    drafts.write(task.id, field, next);
    typing.touch();
  }

  function leave(): void {
    typing.stop();
    if (isEnded()) return;
    if (field === "title" && isDirty && !isOvertaken) save();
    else if (!isDirty && !isGone) discard();
  }

  function save(): void {
    typing.stop();
    if (isEnded()) return;
    const wanted = field === "title" ? text.trim() : text;
    if (!edit || wanted === edit.base || (field === "title" && wanted === "")) {
      discard();
      return;
    }
    const key = model.run({
      type: "update_task",
      taskId: task.id,
      change: { [field]: wanted, version: edit.version },
    });
    drafts.write(task.id, field, { ...edit, sentKey: key });
    end();
  }

  function discard(): void {
    drafts.remove(task.id, field);
    end();
  }

  function end(): void {
    ended.current = edit;
    setEdit(undefined);
  }

  function isEnded(): boolean {
    return edit !== undefined && edit === ended.current;
  }

  return (
    <div ref={area} class={`card-text ${field}`}>
      {field === "description" && (
        <span class="card-label" aria-hidden="true">
          {label}
        </span>
      )}
      <div class={withLinks ? "text-with-links" : ""}>
        <GrowingText
          aria-label={label}
          rows={field === "title" ? 1 : 3}
          maxLength={maxLength}
          readOnly={!canEdit}
          placeholder={canEdit ? (field === "title" ? "Title" : "Add a description…") : "No description"}
          value={text}
          onFocus={() => canEdit && !edit && setEdit({ text: now, base: now, version: task.version })}
          onInput={(event) => write(event.currentTarget.value)}
          onBlur={(event) => {
            const next = event.relatedTarget as Element | null;
            // A link in the text is no part of the editing.
            if (!area.current?.contains(next) || next?.closest(".link-layer")) leave();
          }}
          onKeyDown={(event) => {
            if (event.isComposing) return;
            if (event.key === "Escape" && edit) {
              // Only the editing ends, not the dialog.
              event.preventDefault();
              event.stopPropagation();
              if (!isGone) discard();
              event.currentTarget.blur();
            }
            const isSaving =
              event.key === "Enter" && (field === "title" || event.ctrlKey || event.metaKey) && canEdit;
            if (!isSaving) return;
            event.preventDefault();
            save();
            event.currentTarget.blur();
          }}
        />
        {withLinks && (
          <p class="link-layer" dir="auto">
            <LinkedText text={text} isRead={false} />
          </p>
        )}
      </div>
      {isOvertaken && changedBy !== undefined && (
        <p class="overtaken" role="status">
          <span>{changedBy} has changed this.</span>
          <button type="button" class="link" onClick={discard}>
            Drop mine and show it
          </button>
        </p>
      )}
      {isDirty && canEdit && (
        <div class="row">
          <button type="button" class="button primary" onClick={save}>
            Save
          </button>
          <button type="button" class="button quiet" onClick={discard}>
            Discard
          </button>
          <span class="hint">
            {field === "title" ? "Enter saves" : "Ctrl + Enter saves. The draft is kept."}
          </span>
        </div>
      )}
    </div>
  );
}
