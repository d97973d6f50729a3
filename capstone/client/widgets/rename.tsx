import { useRef, useState } from "preact/hooks";

export interface RenameProps {
  /** What it is the name of: “Board name”. */
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly disabled?: boolean;
  onRename(name: string): void;
}

/** A name that is changed where it stands. Enter or leaving keeps it, Escape does not. */
export function Rename({ label, value, maxLength, disabled, onRename }: RenameProps) {
  const [draft, setDraft] = useState<string>();
  const isLeaving = useRef(false);
  /** What it was when it was entered: whoever has only been there takes back nothing that others have done meanwhile. */
  const entered = useRef(value);

  function finish(name: string | undefined): void {
    const next = name?.trim();
    setDraft(undefined);
    if (next && next !== entered.current && next !== value) onRename(next);
  }

  return (
    <span class="rename">
      <span class="rename-size" aria-hidden="true">
        {draft ?? value}
      </span>
      <input
        dir="auto"
        aria-label={label}
        value={draft ?? value}
        maxLength={maxLength}
        readOnly={disabled}
        spellcheck={false}
        onFocus={() => {
          entered.current = value;
          if (!disabled) setDraft(value);
        }}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onBlur={(event) => {
          if (isLeaving.current) setDraft(undefined);
          else finish(event.currentTarget.value);
          isLeaving.current = false;
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== "Escape") return;
          event.stopPropagation();
          event.preventDefault();
          isLeaving.current = event.key === "Escape";
          event.currentTarget.blur();
        }}
      />
    </span>
  );
}
