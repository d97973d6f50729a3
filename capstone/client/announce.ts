// What a screen reader says, politely, about what has happened.
import { signal } from "@preact/signals";

/** The text of the live region. */
export const announcement = signal("");

/** How long moves by others are collected before they are said, in milliseconds. */
const COLLECT_MS = 2_000;

export function announce(text: string): void {
  // The same text again is read again only if it differs.
  announcement.value = announcement.value === text ? `${text}\u00a0` : text;
}

/** @param position from 1 */
export function movedText(title: string, listName: string, position: number, count: number): string {
  return `Moved “${title}” to ${listName}, position ${position} of ${count}`;
}

export interface RemoteChange {
  readonly taskId: string;
  readonly title: string;
  readonly kind: "moved" | "added" | "deleted";
  readonly listName: string;
}

export function remoteText(changes: readonly RemoteChange[]): string {
  const [first] = changes;
  if (!first) return "";
  if (changes.length === 1) {
    const { title, kind, listName } = first;
    if (kind === "deleted") return `“${title}” was deleted`;
    return kind === "moved" ? `“${title}” was moved to ${listName}` : `“${title}” was added to ${listName}`;
  }
  const kinds = new Set(changes.map(({ kind }) => kind));
  return `${changes.length} cards were ${kinds.size === 1 ? first.kind : "changed"}`;
}

/** Says what others do, but not every few milliseconds. */
export function createRemoteAnnouncer(say: (text: string) => void = announce, collectMs = COLLECT_MS) {
  /** By task: a card that was moved twice is one card, and where it was in between concerns nobody. */
  const collected = new Map<string, RemoteChange>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add(changes: readonly RemoteChange[]): void {
      if (changes.length === 0) return;
      for (const change of changes) collected.set(change.taskId, change);
      timer ??= setTimeout(() => {
        timer = undefined;
        say(remoteText([...collected.values()]));
        collected.clear();
      }, collectMs);
    },
    close: () => clearTimeout(timer),
  };
}
