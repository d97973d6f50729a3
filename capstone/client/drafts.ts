// What somebody is writing, kept until it is certain that it has arrived: a closed tab must not lose a text.

export interface Draft {
  readonly text: string;
  /** The task's version from which the text was edited. */
  readonly version: number;
  /** What the field said then. */
  readonly base: string;
  /** The key of the command that has sent it. Missing while it is being written. */
  readonly sentKey?: string;
}

export interface Drafts {
  read(taskId: string, field: string): Draft | undefined;
  write(taskId: string, field: string, draft: Draft): void;
  remove(taskId: string, field: string): void;
  /** Forgets those that were sent and are under way no longer. */
  settle(isUnderWay: (key: string) => boolean): void;
}

type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export function createDrafts(storage: Storage, userId: string): Drafts {
  const prefix = `draft ${userId} `;
  const nameOf = (taskId: string, field: string) => `${prefix}${taskId} ${field}`;
  const sent = new Map<string, string>();
  for (let index = 0; index < storage.length; index += 1) {
    const name = storage.key(index);
    const sentKey = name?.startsWith(prefix) ? parse(storage.getItem(name))?.sentKey : undefined;
    if (name && sentKey) sent.set(name, sentKey);
  }

  return {
    read: (taskId, field) => parse(storage.getItem(nameOf(taskId, field))),
    write(taskId, field, draft) {
      const name = nameOf(taskId, field);
      if (draft.sentKey) sent.set(name, draft.sentKey);
      else sent.delete(name);
      try {
        storage.setItem(name, JSON.stringify(draft));
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
  };
}

function parse(json: string | null): Draft | undefined {
  if (json === null) return undefined;
  try {
    return JSON.parse(json) as Draft;
  } catch {
    return undefined;
  }
}
