import { useEffect, useState } from "preact/hooks";
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
  const { id, stayMs } = toast;

  useEffect(() => {
    if (stayMs === undefined || isHeld) return;
    const timer = setTimeout(() => dismissToast(id), stayMs);
    return () => clearTimeout(timer);
  }, [id, stayMs, isHeld]);

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
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => dismissToast(id)}>
        <CloseIcon />
      </button>
    </div>
  );
}
