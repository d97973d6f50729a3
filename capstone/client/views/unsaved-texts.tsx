import { useState } from "preact/hooks";
import type { BoardModel } from "../board-model.ts";
import { copyText } from "../copy-text.ts";

const FIELDS: Record<string, string> = {
  title: "Title",
  description: "Description",
  comment: "Comment",
  new: "New card",
};

/** What the user was writing on a board that they cannot change any more: it still is theirs. */
export function UnsavedTexts({ model }: { readonly model: BoardModel }) {
  const [texts, setTexts] = useState(() => model.drafts.unsaved());
  const tasks = model.view.value?.tasks;
  if (texts.length === 0) return null;
  return (
    <section class="block unsaved" aria-labelledby="unsaved">
      <h2 id="unsaved">What you had not saved</h2>
      <ul>
        {texts.map(({ taskId, field, text }) => {
          const title = tasks?.get(taskId)?.title;
          return (
            <li key={`${taskId} ${field}`}>
              <p class="card-label">
                {FIELDS[field] ?? "Text"}
                {title !== undefined && ` of “${title}”`}
              </p>
              <p class="unsaved-text">{text}</p>
              <div class="row">
                <button type="button" class="button" onClick={() => copyText(text)}>
                  Copy
                </button>
                <button
                  type="button"
                  class="button quiet"
                  onClick={() => {
                    model.drafts.remove(taskId, field);
                    setTexts(model.drafts.unsaved());
                  }}
                >
                  Discard
                </button>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
