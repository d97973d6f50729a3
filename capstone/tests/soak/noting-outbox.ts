// An outbox on a device that can lose power, and notes of everything that it was told.
import type { Snapshot } from "../../board/events.ts";
import { createMemoryOutbox } from "../../client/sync/memory-outbox.ts";
import type { Outbox, OutboxEntry } from "../../client/sync/outbox.ts";

/** What has become of a command, as far as its client has been able to store it. */
export interface Stored {
  readonly entry: OutboxEntry;
  readonly at: number;
}

export interface Device {
  /** Commands that are stored, or were. */
  readonly added: ReadonlyMap<string, Stored>;
  /** Those that were accepted or refused, as it was stored first. */
  readonly decided: ReadonlyMap<string, Stored>;
  /** The outbox for a page. */
  openPage(): Page;
}

export interface Page {
  readonly outbox: Outbox;
  /** From now on nothing is stored any more: also not what this page has asked for a moment ago. */
  crash(): void;
}

/** @param maxDelayMs how long the disk takes, at most, in milliseconds */
export function createDevice(random: () => number, maxDelayMs = 20): Device {
  const disk = createMemoryOutbox();
  const added = new Map<string, Stored>();
  const decided = new Map<string, Stored>();

  function openPage(): Page {
    let isDead = false;

    /** Stores something after a while. If the page is gone by then it never resolves, as nobody is left who could hear of it. */
    async function store(work: () => Promise<void>): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, maxDelayMs * random()));
      if (isDead) return new Promise(() => {});
      await work();
    }

    const note = (notes: Map<string, Stored>, entry: OutboxEntry) => {
      if (!notes.has(entry.key)) notes.set(entry.key, { entry, at: Date.now() });
    };

    return {
      crash() {
        isDead = true;
      },
      outbox: {
        isDurable: true,
        entries: disk.entries,
        snapshot: disk.snapshot,
        boards: disk.boards,
        add: (entry) =>
          store(async () => {
            note(added, entry);
            await disk.add(entry);
          }),
        put: (entry) =>
          store(async () => {
            if (entry.state === "accepted" || entry.state === "refused") note(decided, entry);
            await disk.put(entry);
          }),
        remove: (key) => store(() => disk.remove(key)),
        saveSnapshot: (snapshot: Snapshot) => store(() => disk.saveSnapshot(snapshot)),
        forgetSnapshot: (boardId) => store(() => disk.forgetSnapshot(boardId)),
        close: disk.close,
      },
    };
  }

  return { added, decided, openPage };
}
