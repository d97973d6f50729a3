import { useId, useState } from "preact/hooks";
import type { Task } from "../../board/events.ts";
import { LIMITS } from "../../board/limits.ts";
import { useBoard } from "../board/context.ts";
import { labelStyle } from "../colours.ts";
import { showToast } from "../toasts.ts";
import { CloseIcon } from "../widgets/icons.tsx";
import { Label } from "../widgets/label.tsx";

export function CardLabels({ task, onChange }: { readonly task: Task; onChange(labels: string[]): void }) {
  const { model } = useBoard();
  const id = useId();
  const [text, setText] = useState("");
  const canEdit = model.canEdit.value;
  const known = [...new Set([...(model.view.value?.tasks.values() ?? [])].flatMap(({ labels }) => labels))];

  function add(): void {
    setText("");
    const labels = [...new Set([...task.labels, ...labelsIn(text)])];
    if (labels.length === task.labels.length) return;
    if (labels.length > LIMITS.labels) {
      showToast({ text: `A card has at most ${LIMITS.labels} labels.`, tone: "warning" });
      return;
    }
    onChange(labels);
  }

  return (
    <div class="field">
      <label for={`${id}-label`}>Labels</label>
      {task.labels.length > 0 && (
        <ul class="label-list">
          {task.labels.map((label) => (
            <li key={label}>
              {canEdit ? (
                <button
                  type="button"
                  class="label removable"
                  style={labelStyle(label)}
                  aria-label={`Remove the label ${label}`}
                  onClick={() => onChange(task.labels.filter((each) => each !== label))}
                >
                  {label}
                  <CloseIcon />
                </button>
              ) : (
                <Label text={label} />
              )}
            </li>
          ))}
        </ul>
      )}
      {canEdit && (
        <>
          <input
            id={`${id}-label`}
            list={`${id}-known`}
            placeholder="Add a label"
            maxLength={LIMITS.label}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onBlur={add}
            onKeyDown={(event) => {
              if ((event.key !== "Enter" && event.key !== ",") || event.isComposing) return;
              event.preventDefault();
              add();
            }}
          />
          <datalist id={`${id}-known`}>
            {known.map((label) => (
              <option key={label} value={label} />
            ))}
          </datalist>
        </>
      )}
    </div>
  );
}

/** Whoever writes several at once puts commas between them. */
function labelsIn(text: string): string[] {
  const labels = text.split(",").map((label) => label.trim());
  return labels.filter((label) => label !== "");
}
