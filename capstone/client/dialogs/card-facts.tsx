import { useId, useState } from "preact/hooks";
import type { Task, TaskField } from "../../board/events.ts";
import { LIMITS } from "../../board/limits.ts";
import { moveCard } from "../board/actions.ts";
import { useBoard } from "../board/context.ts";
import { labelStyle } from "../colours.ts";
import { dayOf, dueState } from "../filter.ts";
import { showToast } from "../toasts.ts";
import { CloseIcon } from "../widgets/icons.tsx";
import { Label } from "../widgets/label.tsx";

/** Who, when, where, and labels. */
export function CardFacts({ task }: { readonly task: Task }) {
  const { model } = useBoard();
  const id = useId();
  const canEdit = model.canEdit.value;
  const members = [...model.members.value.values()];
  const lists = model.view.value?.lists ?? [];
  const ids = (model.columns.value.get(task.listId) ?? []).map((each) => each.id);
  const due = dueState(task.dueOn, dayOf(new Date()));
  const change = (to: Partial<Pick<Task, TaskField>>) =>
    model.run({ type: "update_task", taskId: task.id, change: to as Record<string, never> });

  return (
    <>
      <div class="field">
        <label for={`${id}-who`}>Assignee</label>
        <select
          id={`${id}-who`}
          value={task.assigneeId ?? ""}
          disabled={!canEdit}
          onChange={(event) => change({ assigneeId: event.currentTarget.value || null })}
        >
          <option value="">Nobody</option>
          {members.map(({ userId, name }) => (
            <option key={userId} value={userId}>
              {userId === model.userId ? `${name} (you)` : name}
            </option>
          ))}
          {task.assigneeId && !model.members.value.has(task.assigneeId) && (
            <option value={task.assigneeId}>{task.assigneeId} (no member any more)</option>
          )}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-due`}>
          Due {due === "overdue" && <span class="due overdue in-label">Overdue</span>}
        </label>
        <input
          id={`${id}-due`}
          type="date"
          value={task.dueOn ?? ""}
          disabled={!canEdit}
          onChange={(event) => change({ dueOn: event.currentTarget.value || null })}
        />
      </div>
      <Labels task={task} onChange={(labels) => change({ labels })} />
      <div class="field">
        <label for={`${id}-list`}>List</label>
        <select
          id={`${id}-list`}
          value={task.listId}
          disabled={!canEdit}
          onChange={(event) => moveCard(model, task.id, event.currentTarget.value, Number.MAX_SAFE_INTEGER)}
        >
          {lists.map((list) => (
            <option key={list.id} value={list.id}>
              {list.name}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-place`}>Position</label>
        <select
          id={`${id}-place`}
          value={String(ids.indexOf(task.id))}
          disabled={!canEdit}
          onChange={(event) => moveCard(model, task.id, task.listId, Number(event.currentTarget.value))}
        >
          {ids.map((each, index) => (
            <option key={each} value={String(index)}>
              {index + 1} of {ids.length}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}

/** Whoever writes several at once puts commas between them. */
function labelsIn(text: string): string[] {
  const labels = text.split(",").map((label) => label.trim());
  return labels.filter((label) => label !== "");
}

function Labels({ task, onChange }: { readonly task: Task; onChange(labels: string[]): void }) {
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
