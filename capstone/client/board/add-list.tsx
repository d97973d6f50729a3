import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { LIMITS } from "../../board/limits.ts";
import { randomId } from "../sync/tabs.ts";
import { PlusIcon } from "../widgets/icons.tsx";
import { useBoard } from "./context.ts";

/** Right of the last list. */
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

  if (!isOpen) {
    return (
      <button type="button" class={`add-list-button ${isFirst ? "first" : ""}`} onClick={() => setName("")}>
        <PlusIcon />
        {isFirst ? "Add the first list" : "Add a list"}
      </button>
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
