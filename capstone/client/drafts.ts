// What somebody is writing, kept until it is certain that it has arrived: a closed tab must not lose a text.

export interface Draft {
  readonly text: string;
  /** The task's version from which the text was edited. */
  readonly version: number;
  /** What the field said then. */
  readonly base: string;
  /** The key of the command that has sent it. Missing while it is being written. */
  readonly sentKey?: string;
  /** Where it is written. */
  readonly boardId?: string;
}

/** A text that was never saved. */
export interface UnsavedText {
  /** Of a new card: the list's. */
  readonly taskId: string;
  readonly field: string;
  readonly text: string;
}

export interface Drafts {
  read(taskId: string, field: string): Draft | undefined;
  write(taskId: string, field: string, draft: Draft): void;
  remove(taskId: string, field: string): void;
  /** Forgets those that were sent and are under way no longer. */
  settle(isUnderWay: (key: string) => boolean): void;
  /** What was never saved on this board. */
  unsaved(): readonly UnsavedText[];
}

type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export function createDrafts(storage: Storage, userId: string, boardId?: string): Drafts {
  const nameOf = (taskId: string, field: string) => `${prefixOf(userId)}${taskId} ${field}`;
  const sent = new Map<string, string>();
  for (const name of namesOf(storage, userId)) {
    const sentKey = parse(storage.getItem(name))?.sentKey;
    if (sentKey) sent.set(name, sentKey);
  }

  return {
    read: (taskId, field) => parse(storage.getItem(nameOf(taskId, field))),
    write(taskId, field, draft) {
      const name = nameOf(taskId, field);
      if (draft.sentKey) sent.set(name, draft.sentKey);
      else sent.delete(name);
      try {
        storage.setItem(name, JSON.stringify({ ...draft, ...(boardId !== undefined && { boardId }) }));
      } catch {
        // The storage is full or forbidden: the text is still in its field.
      }
    },
    remove(taskId, field) {
      sent.delete(nameOf(taskId, field));
      storage.removeItem(nameOf(taskId, field));
    },
    settle(isUnderWay) {
      for (const [name, key] of sent) {
        if (isUnderWay(key)) continue;
        sent.delete(name);
        storage.removeItem(name);
      }
    },
    unsaved: () =>
      namesOf(storage, userId).flatMap((name) => {
        const draft = parse(storage.getItem(name));
        const [taskId = "", field = ""] = name.slice(prefixOf(userId).length).split(" ");
        return isUnsaved(draft) && draft.boardId === boardId ? [{ taskId, field, text: draft.text }] : [];
      }),
  };
}

/** The user's texts that were never saved. */
export function unsavedTexts(storage: Storage, userId: string): number {
  return namesOf(storage, userId).filter((name) => isUnsaved(parse(storage.getItem(name)))).length;
}

function isUnsaved(draft: Draft | undefined): draft is Draft {
  return draft !== undefined && !draft.sentKey && draft.text.trim() !== draft.base.trim();
}

/** Throws away whatever the user has been writing. */
export function forgetDrafts(storage: Storage, userId: string): void {
  for (const name of namesOf(storage, userId)) storage.removeItem(name);
}

function namesOf(storage: Storage, userId: string): string[] {
  const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
  return names.filter((name) => name.startsWith(prefixOf(userId)));
}

function prefixOf(userId: string): string {
  return `draft ${userId} `;
}

function parse(json: string | null): Draft | undefined {
  if (json === null) return undefined;
  try {
    return JSON.parse(json) as Draft;
  } catch {
    return undefined;
  }
}
