import { useLayoutEffect, useRef } from "preact/hooks";
import type { Task } from "../events.ts";

export type Direction = "up" | "down" | "left" | "right";

const ARROWS: Record<Direction, string> = { up: "↑", down: "↓", left: "←", right: "→" };

export interface EndOfEditing {
  readonly save: boolean;
  /** Whether the focus goes back to the title: the keyboard ended it, not a click elsewhere. */
  readonly keepFocus: boolean;
}

export interface TaskCardProps {
  readonly task: Task;
  /** A dragged card would land before this one. */
  readonly isDropPlace: boolean;
  /** Who else is editing it, as a sentence. */
  readonly editors: string | undefined;
  /** The edited title, or undefined while it is only shown. */
  readonly text: string | undefined;
  canMove(direction: Direction): boolean;
  /** The title that is being typed. */
  onEdit(text: string): void;
  onEndEditing(how: EndOfEditing): void;
  onMove(direction: Direction): void;
  onDelete(): void;
}

export function TaskCard({
  task,
  isDropPlace,
  editors,
  text,
  canMove,
  onEdit,
  onEndEditing,
  onMove,
  onDelete,
}: TaskCardProps) {
  const input = useRef<HTMLInputElement>(null);
  const isEditing = text !== undefined;
  useLayoutEffect(() => {
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
          onBlur={() => onEndEditing({ save: true, keepFocus: false })}
          onKeyDown={(event) => {
            if (event.key !== "Enter" && event.key !== "Escape") return;
            // The focus moves to the title's button, which the rest of this key press would press.
            event.preventDefault();
            onEndEditing({ save: event.key === "Enter", keepFocus: true });
          }}
        />
      ) : (
        <button type="button" class="title" title="Rename" onClick={() => onEdit(task.title)}>
          {task.title}
        </button>
      )}
      {editors && <p class="editors">{editors}</p>}
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
