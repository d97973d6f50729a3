// The editing of one of a card's texts: a draft that survives the page, the version it began from, and what others do meanwhile.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Task } from "../../board/events.ts";
import { useBoard } from "../board/context.ts";
import { whoChanged } from "../board/who.ts";
import type { PendingChange } from "../sync/board-sync.ts";
import { createTyping } from "../typing.ts";

export type TextName = "title" | "description";

/** What is being edited. While there is an edit, nothing that others do touches the field. */
interface Edit {
  readonly text: string;
  readonly base: string;
  readonly version: number;
}

export interface TextEdit {
  readonly text: string;
  readonly isEditing: boolean;
  /** Whether there is something to save. */
  readonly isDirty: boolean;
  /** Who has changed the text since the editing began. Undefined: nobody, or it is not known yet. */
  readonly changedBy: string | undefined;
  begin(): void;
  write(value: string): void;
  /** The field is left. */
  leave(): void;
  save(): void;
  discard(): void;
}

/** @param isGone somebody has deleted the card: nothing can be saved, and nothing is thrown away */
export function useTextEdit(task: Task, field: TextName, isGone: boolean): TextEdit {
  const { model } = useBoard();
  const { drafts } = model;
  const [edit, setEdit] = useState<Edit | undefined>(() => kept());
  const [changedBy, setChangedBy] = useState<string>();
  const [typing] = useState(() => createTyping(model.client, task.id));
  /** The field is left in the moment in which its text is saved or given up, and before that is drawn: it must not be saved then. */
  const ended = useRef<Edit | undefined>(undefined);
  const now = task[field];
  const text = edit?.text ?? now;
  const isDirty = edit !== undefined && edit.text.trim() !== edit.base.trim();
  const isOvertaken = edit !== undefined && edit.base !== now && !isGone;

  function kept(): Edit | undefined {
    const draft = drafts.read(task.id, field);
    return draft && !draft.sentKey && draft.text !== task[field] ? draft : undefined;
  }

  useEffect(() => () => typing.stop(), [typing]);

  useEffect(() => {
    if (!isOvertaken) return setChangedBy(undefined);
    let isOver = false;
    whoChanged(model, task.id).then((name) => {
      if (!isOver) setChangedBy(name ?? "Somebody");
    });
    return () => {
      isOver = true;
    };
  }, [isOvertaken, now, model, task.id]);

  function write(value: string): void {
    const line = field === "title" ? value.replace(/\s*\n\s*/g, " ") : value;
    const next = { ...(edit ?? { base: now, version: task.version }), text: line };
    setEdit(next);
    drafts.write(task.id, field, next);
    typing.touch();
  }

  function leave(): void {
    typing.stop();
    if (isEnded()) return;
    // The page of a board that is over has no fields, and the text stays a draft: there it can be copied.
    if (model.isOver.value && isDirty) return;
    if (field === "title" && isDirty && !isOvertaken) save();
    else if (!isDirty && !isGone) discard();
  }

  function save(): void {
    typing.stop();
    if (isEnded()) return;
    const wanted = field === "title" ? text.trim() : text;
    if (!edit || wanted === edit.base || (field === "title" && wanted === "")) {
      discard();
      return;
    }
    const key = model.run({
      type: "update_task",
      taskId: task.id,
      change: { [field]: wanted, version: versionFor(edit, task, field, model.state.value.pending) },
    });
    drafts.write(task.id, field, { ...edit, sentKey: key });
    end();
  }

  function discard(): void {
    drafts.remove(task.id, field);
    end();
  }

  function end(): void {
    ended.current = edit;
    setEdit(undefined);
  }

  function isEnded(): boolean {
    return edit !== undefined && edit === ended.current;
  }

  return {
    text,
    isEditing: edit !== undefined,
    isDirty,
    changedBy: isOvertaken ? changedBy : undefined,
    begin: () => setEdit(edit ?? { text: now, base: now, version: task.version }),
    write,
    leave,
    save,
    discard,
  };
}

/**
 * The version that an edit is based on. The text that it began from may have been on its way to the server then: once it has arrived, it is
 * there in a later version.
 *
 * @param pending while the user's own text is among it, it may hide what somebody else has written: then nothing is known
 */
export function versionFor(
  edit: Pick<Edit, "base" | "version">,
  task: Task,
  field: TextName,
  pending: readonly Pick<PendingChange, "command">[],
): number {
  const isOnItsWay = pending.some(
    ({ command }) =>
      command.type === "update_task" && command.taskId === task.id && command.change[field] !== undefined,
  );
  return edit.base === task[field] && !isOnItsWay ? task.version : edit.version;
}
