import { useEffect, useRef } from "preact/hooks";
import type { Task } from "../events.ts";

export type Direction = "up" | "down" | "left" | "right";

const ARROWS: Record<Direction, string> = { up: "↑", down: "↓", left: "←", right: "→" };

export interface TaskCardProps {
  readonly task: Task;
  /** A dragged card would land before this one. */
  readonly isDropPlace: boolean;
  /** The edited title, or undefined while it is only shown. */
  readonly text: string | undefined;
  canMove(direction: Direction): boolean;
  /** The title that is being typed; undefined ends editing without saving. */
  onEdit(text: string | undefined): void;
  onSave(): void;
  onMove(direction: Direction): void;
  onDelete(): void;
}

export function TaskCard({
  task,
  isDropPlace,
  text,
  canMove,
  onEdit,
  onSave,
  onMove,
  onDelete,
}: TaskCardProps) {
  const input = useRef<HTMLInputElement>(null);
  const isEditing = text !== undefined;
  useEffect(() => {
    if (isEditing) input.current?.focus();
  }, [isEditing]);

  return (
    <li
      class={isDropPlace ? "card drop-before" : "card"}
      data-task-id={task.id}
      draggable={!isEditing}
      onDragStart={(event) => event.dataTransfer?.setData("text/plain", task.id)}
    >
      {isEditing ? (
        <input
          ref={input}
          class="title"
          aria-label="Title"
          maxLength={200}
          value={text}
          onInput={(event) => onEdit(event.currentTarget.value)}
          onBlur={onSave}
          onKeyDown={(event) => {
            if (event.key === "Enter") onSave();
            if (event.key === "Escape") onEdit(undefined);
          }}
        />
      ) : (
        <button type="button" class="title" title="Rename" onClick={() => onEdit(task.title)}>
          {task.title}
        </button>
      )}
      <div class="actions">
        {(["left", "up", "down", "right"] as const).map((direction) => (
          <button
            key={direction}
            type="button"
            data-direction={direction}
            aria-label={`Move “${task.title}” ${direction}`}
            disabled={!canMove(direction)}
            onClick={() => onMove(direction)}
          >
            {ARROWS[direction]}
          </button>
        ))}
        <button type="button" class="delete" aria-label={`Delete “${task.title}”`} onClick={onDelete}>
          ×
        </button>
      </div>
    </li>
  );
}
