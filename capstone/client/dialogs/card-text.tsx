import { useRef } from "preact/hooks";
import type { Task } from "../../board/events.ts";
import { GrowingText } from "../widgets/grow.tsx";
import { hasLinks, LinkedText } from "../widgets/linked-text.tsx";
import { type TextName, useTextEdit } from "./use-text-edit.ts";

export interface CardTextProps {
  readonly task: Task;
  readonly field: TextName;
  readonly label: string;
  readonly maxLength: number;
  readonly canEdit: boolean;
  /** Somebody has deleted the card: the text can be read and copied, not saved. */
  readonly isGone: boolean;
}

export function CardText({ task, field, label, maxLength, canEdit, isGone }: CardTextProps) {
  const { text, isEditing, isDirty, changedBy, ...edit } = useTextEdit(task, field, isGone);
  const { begin, write, leave, save, discard } = edit;
  const area = useRef<HTMLDivElement>(null);
  const withLinks = field === "description" && hasLinks(text);

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
          onFocus={() => canEdit && begin()}
          onInput={(event) => write(event.currentTarget.value)}
          onBlur={(event) => {
            const next = event.relatedTarget as Element | null;
            // A link in the text is no part of the editing.
            if (!area.current?.contains(next) || next?.closest(".link-layer")) leave();
          }}
          onKeyDown={(event) => {
            if (event.isComposing) return;
            if (event.key === "Escape" && isEditing) {
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
      {changedBy !== undefined && (
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
