import { useEffect, useRef, useState } from "preact/hooks";
import { copyText } from "../copy-text.ts";
import { dismissToast, type Toast, toasts } from "../toasts.ts";
import { CloseIcon } from "./icons.tsx";

export function Toasts() {
  return (
    <section
      class="toasts"
      aria-label="Notifications"
      role="log"
      aria-live="polite"
      aria-relevant="additions"
    >
      {toasts.value.map((toast) => (
        <ToastItem key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastItem({ toast }: { readonly toast: Toast }) {
  const [isHeld, setHeld] = useState(false);
  const [isWrittenShown, setWrittenShown] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const { id, stayMs, written } = toast;

  useEffect(() => {
    if (stayMs === undefined || isHeld) return;
    const timer = setTimeout(() => dismissToast(id), stayMs);
    return () => clearTimeout(timer);
  }, [id, stayMs, isHeld]);

  useEffect(() => {
    if (!isWrittenShown) return;
    field.current?.focus();
    field.current?.select();
  }, [isWrittenShown]);

  async function copy(text: string): Promise<void> {
    if (await copyText(text)) dismissToast(id);
    else setWrittenShown(true);
  }

  return (
    <div
      class={`toast ${toast.tone}`}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <p>{toast.text}</p>
      {toast.actions.map(({ name, run }) => (
        <button
          key={name}
          type="button"
          class="toast-action"
          onClick={() => {
            run();
            dismissToast(id);
          }}
        >
          {name}
        </button>
      ))}
      {written !== undefined && (
        <button type="button" class="toast-action" onClick={() => copy(written)}>
          Copy my text
        </button>
      )}
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => dismissToast(id)}>
        <CloseIcon />
      </button>
      {written !== undefined && isWrittenShown && (
        <textarea
          ref={field}
          class="toast-written"
          aria-label="Your text"
          readOnly
          rows={4}
          value={written}
        />
      )}
    </div>
  );
}
