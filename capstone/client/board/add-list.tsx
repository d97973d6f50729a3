import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { LIMITS } from "../../board/limits.ts";
import { randomId } from "../sync/tabs.ts";
import { PlusIcon } from "../widgets/icons.tsx";
import { useBoard } from "./context.ts";

const USUAL = ["To do", "Doing", "Done"];

/** Right of the last list; on an empty board, how to begin. */
export function AddList({ isFirst }: { readonly isFirst: boolean }) {
  const { model } = useBoard();
  const [name, setName] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const isOpen = name !== undefined;

  useLayoutEffect(() => {
    if (isOpen) field.current?.focus();
  }, [isOpen]);

  function add(): void {
    const trimmed = name?.trim();
    if (!trimmed) return;
    model.run({
      type: "create_list",
      boardId: model.boardId,
      list: { id: randomId(), name: trimmed },
    });
    setName("");
    requestAnimationFrame(() => field.current?.scrollIntoView({ inline: "end", block: "nearest" }));
  }

  /** Each after the one before: they are all made at once. */
  function addUsual(): void {
    let afterId: string | undefined;
    for (const each of USUAL) {
      const id = randomId();
      const list = { id, name: each, ...(afterId !== undefined && { afterId }) };
      model.run({ type: "create_list", boardId: model.boardId, list });
      afterId = id;
    }
  }

  if (!isOpen) {
    const button = (
      <button type="button" class={`add-list-button ${isFirst ? "first" : ""}`} onClick={() => setName("")}>
        <PlusIcon />
        {isFirst ? "Add the first list" : "Add a list"}
      </button>
    );
    if (!isFirst) return button;
    return (
      <div class="first-list">
        <h2>An empty board</h2>
        <p>Lists are the steps that work goes through. Most teams begin with these three:</p>
        <button type="button" class="button primary" onClick={addUsual}>
          {USUAL.join(", ")}
        </button>
        {button}
      </div>
    );
  }
  return (
    <form
      class="add-list"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
      onKeyDown={(event) => event.key === "Escape" && setName(undefined)}
    >
      <input
        ref={field}
        aria-label="Name of the new list"
        placeholder="List name"
        maxLength={LIMITS.listName}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
        onBlur={(event) => {
          const inside = event.currentTarget.form?.contains(event.relatedTarget as Node | null);
          if (name === "" && !inside) setName(undefined);
        }}
      />
      <div class="row">
        <button type="submit" class="button primary">
          Add list
        </button>
        <button type="button" class="button quiet" onClick={() => setName(undefined)}>
          Cancel
        </button>
      </div>
    </form>
  );
}
