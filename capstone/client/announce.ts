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
  /** Of the card or list. */
  readonly id: string;
  /** Who has done it. */
  readonly actorId: string;
  readonly kind: "moved" | "added" | "deleted";
  readonly what: "card" | "list";
  readonly title: string;
  /** Of cards: where it is now. */
  readonly listName?: string;
}

/** @param nameOf of a user, by id */
export function remoteText(changes: readonly RemoteChange[], nameOf: (userId: string) => string): string {
  const [first] = changes;
  if (!first) return "";
  const isSame = (key: "actorId" | "kind" | "what") => changes.every((each) => each[key] === first[key]);
  const who = isSame("actorId") ? nameOf(first.actorId) : "Several people";
  if (changes.length > 1) {
    const what = isSame("what") ? `${first.what}s` : "cards and lists";
    return `${who} ${isSame("kind") ? first.kind : "changed"} ${changes.length} ${what}`;
  }
  const what = first.what === "list" ? `the list “${first.title}”` : `“${first.title}”`;
  return `${who} ${first.kind} ${what}${first.listName === undefined ? "" : ` to ${first.listName}`}`;
}

/** Says what others do, but not every few milliseconds. */
export function createRemoteAnnouncer(
  nameOf: (userId: string) => string,
  say: (text: string) => void = announce,
  collectMs = COLLECT_MS,
) {
  /** By id: a card that was moved twice is one card, and where it was in between concerns nobody. */
  const collected = new Map<string, RemoteChange>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add(changes: readonly RemoteChange[]): void {
      if (changes.length === 0) return;
      for (const change of changes) collected.set(change.id, change);
      timer ??= setTimeout(() => {
        timer = undefined;
        say(remoteText([...collected.values()], nameOf));
        collected.clear();
      }, collectMs);
    },
    close: () => clearTimeout(timer),
  };
}
