// An outbox in the browser's database: one per user, shared by their tabs.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Snapshot } from "../../board/events.ts";
import { createMemoryOutbox } from "./memory-outbox.ts";
import { isContained, isNewer, type Outbox, type OutboxEntry } from "./outbox.ts";

interface Schema extends DBSchema {
  commands: { key: string; value: OutboxEntry; indexes: { board: [string, number] } };
  snapshots: { key: string; value: { readonly boardId: string; readonly snapshot: Snapshot } };
}

/** Of the stored form. Another one: what is stored is thrown away or converted here. */
const VERSION = 1;

/**
 * Opens a user's outbox. If the browser has no database, or does not let the page use it, it is one in memory, and
 * `isDurable` says so.
 */
export async function openOutbox(userId: string): Promise<Outbox> {
  try {
    return indexedDbOutbox(await openDatabase(userId));
  } catch {
    return createMemoryOutbox();
  }
}

/** Throws away everything that is stored for a user. Nothing happens where there is no database. */
export async function deleteOutbox(userId: string): Promise<void> {
  try {
    // Emptied first: the database itself stays until the last page that has it open lets go, and a frozen one does not.
    const database = await openDatabase(userId);
    await Promise.all([database.clear("commands"), database.clear("snapshots")]);
    database.close();
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(nameOf(userId));
      request.onsuccess = () => resolve();
      request.onblocked = () => resolve();
      request.onerror = () => reject(request.error);
    });
  } catch {
    // What could not be opened has kept nothing.
  }
}

function nameOf(userId: string): string {
  return `board-outbox:${userId}`;
}

function openDatabase(userId: string): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(nameOf(userId), VERSION, {
    upgrade(database) {
      const commands = database.createObjectStore("commands", { keyPath: "key" });
      commands.createIndex("board", ["boardId", "order"]);
      database.createObjectStore("snapshots", { keyPath: "boardId" });
    },
    // Another tab deletes the database, or has a newer page: whoever does not let go blocks it for ever.
    blocking: (_from, _to, event) => (event.target as IDBDatabase | null)?.close(),
  });
}

function indexedDbOutbox(database: IDBPDatabase<Schema>): Outbox {
  const ofBoard = (boardId: string) => IDBKeyRange.bound([boardId, 0], [boardId, Number.MAX_SAFE_INTEGER]);
  return {
    isDurable: true,
    entries: (boardId) =>
      database.getAllFromIndex("commands", "board", boardId === undefined ? undefined : ofBoard(boardId)),

    async add(entry) {
      const transaction = database.transaction("commands", "readwrite");
      const known = await transaction.store.getKey(entry.key);
      if (known === undefined) await transaction.store.add(entry);
      await transaction.done;
    },

    async put(entry) {
      await database.put("commands", entry);
    },

    remove: (key) => database.delete("commands", key),

    async saveSnapshot(snapshot) {
      const boardId = snapshot.board.id;
      const transaction = database.transaction(["commands", "snapshots"], "readwrite");
      const snapshots = transaction.objectStore("snapshots");
      if (isNewer((await snapshots.get(boardId))?.snapshot, snapshot)) {
        await snapshots.put({ boardId, snapshot });
      }
      const commands = transaction.objectStore("commands");
      for (const entry of await commands.index("board").getAll(ofBoard(boardId))) {
        if (isContained(entry, snapshot)) await commands.delete(entry.key);
      }
      await transaction.done;
    },

    snapshot: async (boardId) => (await database.get("snapshots", boardId))?.snapshot,

    boards: async () => (await database.getAll("snapshots")).map(({ snapshot }) => snapshot.board),

    forgetSnapshot: (boardId) => database.delete("snapshots", boardId),

    async close() {
      database.close();
    },
  };
}
