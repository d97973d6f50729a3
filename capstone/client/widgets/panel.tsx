import type { ComponentChildren, RefObject } from "preact";
import { place } from "./place.ts";

export interface PanelProps {
  /**
   * Its button has it as `popovertarget`. So the browser knows whose panel it is: it would close one before its button is clicked, and
   * the click would open it again.
   */
  readonly id: string;
  readonly label: string;
  readonly button: RefObject<HTMLButtonElement | null>;
  onToggle(isOpen: boolean): void;
  readonly children?: ComponentChildren;
}

/** What a button opens beneath itself. */
export function Panel({ id, label, button, onToggle, children }: PanelProps) {
  return (
    <div
      id={id}
      class="panel"
      popover="auto"
      role="dialog"
      aria-label={label}
      onToggle={(event) => {
        const isOpen = (event as unknown as ToggleEvent).newState === "open";
        onToggle(isOpen);
        if (isOpen && button.current) place(event.currentTarget, button.current);
      }}
    >
      {children}
    </div>
  );
}
