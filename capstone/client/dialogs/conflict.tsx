import { useState } from "preact/hooks";
import type { TextConflict } from "../../board/commands.ts";
import { LIMITS } from "../../board/limits.ts";
import { useBoard } from "../board/context.ts";
import type { Notice } from "../sync/board-client.ts";
import { GrowingText } from "../widgets/grow.tsx";

type ConflictNotice = Extract<Notice, { kind: "conflict" }>;

/** Two people have changed the same text: both are shown, and nothing is lost. */
export function ConflictPanel({ notice }: { readonly notice: ConflictNotice }) {
  const { model } = useBoard();
  const { conflicts, version, taskId, command } = notice;
  const [texts, setTexts] = useState(() => new Map(conflicts.map(({ field, yours }) => [field, yours])));

  function save(of: (conflict: TextConflict) => string): void {
    // What else the refused change said goes with it.
    const rest = command.type === "update_task" ? command.change : {};
    const change = Object.fromEntries(conflicts.map((conflict) => [conflict.field, of(conflict)]));
    model.run({ type: "update_task", taskId, change: { ...rest, ...change, version } });
    model.client.dismiss(notice.id);
  }

  return (
    <section class="notice conflict" role="alert" aria-label="Two versions">
      {conflicts.map((conflict) => {
        const { field, yours, theirs, actorId } = conflict;
        return (
          <div key={field}>
            <p>
              <strong>
                {model.nameOf(actorId)} changed the {field} while you were editing it.
              </strong>{" "}
              Choose one, or make one of both.
            </p>
            <div class="versions">
              <figure>
                <figcaption>{model.nameOf(actorId)}</figcaption>
                <p class="version" dir="auto">
                  {theirs || <em>Empty</em>}
                </p>
                <button type="button" class="button" onClick={() => model.client.dismiss(notice.id)}>
                  Use theirs
                </button>
              </figure>
              <figure>
                <figcaption>You</figcaption>
                <GrowingText
                  class="version"
                  aria-label={`Your ${field}`}
                  maxLength={LIMITS[field]}
                  value={texts.get(field) ?? yours}
                  onInput={(event) => setTexts(new Map(texts).set(field, event.currentTarget.value))}
                />
                <button
                  type="button"
                  class="button primary"
                  onClick={() => save((each) => texts.get(each.field) ?? each.yours)}
                >
                  {(texts.get(field) ?? yours) === yours ? "Use mine" : "Save this"}
                </button>
              </figure>
            </div>
          </div>
        );
      })}
    </section>
  );
}
