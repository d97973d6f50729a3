import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { CloseIcon } from "./icons.tsx";
import { Outlets, useOutletHere } from "./outlets.tsx";

export interface DialogProps {
  readonly title: string;
  /** Above what the dialog itself says: only for the eye if it says the title in another way. */
  readonly titleHidden?: boolean;
  readonly kind?: "card" | "sheet" | "small";
  onClose(): void;
  /** Where the focus goes if what had it before is gone. */
  returnTo?(): HTMLElement | undefined;
  readonly children: ComponentChildren;
}

/** A modal dialog. The focus goes back to where it was when it closes. */
export function Dialog({ title, titleHidden, kind = "sheet", onClose, returnTo, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  const titleId = useId();
  const isTopmost = useOutletHere();

  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    const opener = document.activeElement;
    const openerTask = opener?.closest<HTMLElement>("[data-task-id]")?.dataset.taskId;
    element.showModal();
    // Not into the first field: on a phone that would open the keyboard, and a screen reader would miss the title.
    element.focus();

    const onCancel = (event: Event) => {
      event.preventDefault();
      close.current();
    };
    const onPointer = (event: PointerEvent) => {
      if (event.target === element && isOutside(event, element)) close.current();
    };
    element.addEventListener("cancel", onCancel);
    element.addEventListener("pointerdown", onPointer);
    return () => {
      element.removeEventListener("cancel", onCancel);
      element.removeEventListener("pointerdown", onPointer);
      element.close();
      giveBack(opener, openerTask, returnTo?.());
    };
  }, []);

  return (
    <dialog ref={dialog} class={`dialog ${kind}`} aria-labelledby={titleId} tabIndex={-1}>
      <div class="dialog-head">
        <h2 id={titleId} class={titleHidden ? "visually-hidden" : ""}>
          {title}
        </h2>
        <button type="button" class="icon-button" aria-label="Close" onClick={() => close.current()}>
          <CloseIcon />
        </button>
      </div>
      {children}
      {isTopmost && <Outlets />}
    </dialog>
  );
}

/** The card may have been drawn anew, in another list, or be gone. */
function giveBack(opener: Element | null, taskId: string | undefined, other: HTMLElement | undefined): void {
  const card = taskId && document.querySelector(`[data-task-id="${CSS.escape(taskId)}"] [data-part="open"]`);
  const hasOpener = opener?.isConnected && opener !== document.body;
  const target = hasOpener ? opener : card || other || document.querySelector("[data-part=open]");
  if (target instanceof HTMLElement) target.focus();
}

function isOutside({ clientX, clientY }: PointerEvent, element: HTMLElement): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
