import { useEffect, useRef } from "preact/hooks";
import type { Part } from "../../tools/parts.ts";
import { stageApi } from "./stage-api.ts";

type OnProblem = (text: string) => void;

/** The programs that the chapter runs behind its address, if there are several: how each is, and what can befall it. */
export function PartsBar({ parts, onProblem }: { parts: readonly Part[]; onProblem: OnProblem }) {
  if (parts.length === 0) return null;
  return (
    <section class="parts-bar" aria-label="Programs">
      <ul>
        {parts.map((part) => (
          <PartChip key={part.name} part={part} onProblem={onProblem} />
        ))}
      </ul>
    </section>
  );
}

function PartChip({ part, onProblem }: { part: Part; onProblem: OnProblem }) {
  const { name, state, detail, actions } = part;
  const chip = useRef<HTMLLIElement>(null);
  const pressed = useRef<string | undefined>(undefined);

  // A button that is not offered any more is gone, and the focus with it. The focus does not go to the one that comes
  // instead: a key that is held down would kill and start by turns.
  useEffect(() => {
    if (pressed.current === undefined || actions.includes(pressed.current)) return;
    pressed.current = undefined;
    if (document.activeElement === document.body) chip.current?.focus();
  }, [actions]);

  return (
    <li ref={chip} tabIndex={-1} class={state}>
      <b>{name}</b>
      <span class="state">{state}</span>
      {detail && <span class="detail">{detail}</span>}
      {actions.map((action) => (
        <button
          key={action}
          type="button"
          aria-label={`${action} ${name}`}
          onClick={() => {
            pressed.current = action;
            stageApi.actOnPart({ part: name, action }).catch((error: Error) => onProblem(error.message));
          }}
        >
          {action}
        </button>
      ))}
    </li>
  );
}
