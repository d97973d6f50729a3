import { useEffect, useRef, useState } from "preact/hooks";

/** After so long without another key a typed date is taken for finished. Browsers do not tell one from a date that was picked. */
const PAUSE_MS = 1_000;

export interface DueDateProps {
  readonly id: string;
  readonly value: string | null;
  readonly disabled: boolean;
  /** With a finished date: while one is being typed, each of its digits makes another valid date. */
  onChange(value: string | null): void;
}

export function DueDate({ id, value, disabled, onChange }: DueDateProps) {
  /** What is shown instead of the value while it is being changed. */
  const [draft, setDraft] = useState<string>();
  /** Undefined: nothing has changed, or it cannot be a date yet. */
  const finished = useRef<string | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const send = useRef(() => {});

  send.current = () => {
    clearTimeout(timer.current);
    const next = finished.current;
    finished.current = undefined;
    if (next === undefined) return;
    setDraft(undefined);
    if (next !== (value ?? "")) onChange(next || null);
  };

  // Closing the card does not lose it.
  useEffect(() => () => send.current(), []);

  return (
    <input
      id={id}
      type="date"
      // Without it a year of six digits can be typed, which is no date anywhere else.
      max="9999-12-31"
      value={draft ?? value ?? ""}
      disabled={disabled}
      onInput={(event) => {
        const { value: next, validity } = event.currentTarget;
        clearTimeout(timer.current);
        setDraft(next);
        // Half a date is empty too, and no wish to have none.
        finished.current = validity.valid ? next : undefined;
        if (validity.valid) timer.current = setTimeout(() => send.current(), PAUSE_MS);
      }}
      onBlur={() => {
        send.current();
        setDraft(undefined);
      }}
      onKeyDown={(event) => event.key === "Enter" && send.current()}
    />
  );
}
