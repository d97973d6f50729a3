// Toasts and the live region. Whatever is outside of a modal dialog is silent and cannot be clicked, so they are in the topmost one.
import { signal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { announcement } from "../announce.ts";
import { Toasts } from "./toasts.tsx";

const dialogs = signal<readonly string[]>([]);

export function useOutletHere(): boolean {
  const id = useId();
  useEffect(() => {
    dialogs.value = [...dialogs.peek(), id];
    return () => {
      dialogs.value = dialogs.peek().filter((each) => each !== id);
    };
  }, [id]);
  return dialogs.value.at(-1) === id;
}

export function PageOutlets() {
  return dialogs.value.length === 0 ? <Outlets /> : null;
}

export function Outlets() {
  return (
    <>
      <Toasts />
      <p class="visually-hidden" aria-live="polite" data-announcement>
        {announcement.value}
      </p>
    </>
  );
}
