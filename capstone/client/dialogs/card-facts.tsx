import { useId } from "preact/hooks";
import type { Task, TaskField } from "../../board/events.ts";
import { moveCard } from "../board/actions.ts";
import { useBoard } from "../board/context.ts";
import { dayOf, dueState } from "../filter.ts";
import { CardLabels } from "./card-labels.tsx";
import { DueDate } from "./due-date.tsx";

/** Who, when, where, and labels. */
export function CardFacts({ task }: { readonly task: Task }) {
  const { model } = useBoard();
  const id = useId();
  const canEdit = model.canEdit.value;
  const members = [...model.members.value.values()];
  const lists = model.view.value?.lists ?? [];
  const ids = (model.columns.value.get(task.listId) ?? []).map((each) => each.id);
  const due = dueState(task.dueOn, dayOf(new Date()));
  function change(to: Partial<Pick<Task, TaskField>>): void {
    // A field is left, too, when the board's page ends.
    if (model.isOver.value) return;
    model.run({ type: "update_task", taskId: task.id, change: to as Record<string, never> });
  }

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
        <DueDate
          id={`${id}-due`}
          value={task.dueOn}
          disabled={!canEdit}
          onChange={(dueOn) => change({ dueOn })}
        />
      </div>
      <CardLabels task={task} onChange={(labels) => change({ labels })} />
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
