import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { LIMITS } from "../../board/limits.ts";
import { afterClick } from "../pointer.ts";
import { randomId } from "../sync/tabs.ts";
import { createTyping } from "../typing.ts";
import { GrowingText } from "../widgets/grow.tsx";
import { PlusIcon } from "../widgets/icons.tsx";
import { useBoard } from "./context.ts";

const FIELD = "new";

/** At the end of a list. Enter adds the card and waits for the next. */
export function AddCard({ listId, listName }: { readonly listId: string; readonly listName: string }) {
  const { model } = useBoard();
  const { drafts } = model;
  const [text, setText] = useState(() => drafts.read(listId, FIELD)?.text);
  const form = useRef<HTMLFormElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(text !== undefined);
  const [typing] = useState(() => createTyping(model.client));
  const isOpen = text !== undefined;

  useLayoutEffect(() => {
    if (isOpen === wasOpen.current) return;
    wasOpen.current = isOpen;
    (isOpen ? form.current?.querySelector("textarea") : button.current)?.focus();
  }, [isOpen]);
  useEffect(() => () => typing.stop(), [typing]);

  function write(value: string): void {
    // A line break from a pasted text would not be allowed in a title.
    const line = value.replace(/\s*\n\s*/g, " ");
    setText(line);
    if (line === "") drafts.remove(listId, FIELD);
    else drafts.write(listId, FIELD, { text: line, version: 0, base: "" });
    typing.touch();
  }

  function add(): void {
    const title = text?.trim();
    if (!title) return;
    typing.stop();
    drafts.remove(listId, FIELD);
    setText("");
    model.run({ type: "create_task", task: { id: randomId(), listId, title } });
    requestAnimationFrame(() => form.current?.scrollIntoView({ block: "nearest" }));
  }

  function close(): void {
    typing.stop();
    drafts.remove(listId, FIELD);
    setText(undefined);
  }

  if (!isOpen) {
    return (
      <button ref={button} type="button" class="add-card-button" data-add-card onClick={() => setText("")}>
        <PlusIcon />
        Add a card<span class="visually-hidden"> to {listName}</span>
      </button>
    );
  }
  return (
    <form
      ref={form}
      class="add-card"
      onSubmit={(event) => {
        event.preventDefault();
        add();
        form.current?.querySelector("textarea")?.focus();
      }}
    >
      <GrowingText
        aria-label={`Title of the new card in ${listName}`}
        placeholder="What needs doing?"
        rows={2}
        maxLength={LIMITS.title}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
        onBlur={() => {
          typing.stop();
          if (text === "") afterClick(() => !form.current?.contains(document.activeElement) && close());
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") close();
          if (event.key !== "Enter" || event.isComposing) return;
          event.preventDefault();
          add();
        }}
      />
      <div class="row">
        <button type="submit" class="button primary">
          Add card
        </button>
        <button type="button" class="button quiet" onClick={close}>
          Cancel
        </button>
      </div>
    </form>
  );
}
