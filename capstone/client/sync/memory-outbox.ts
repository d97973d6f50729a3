// An outbox that lives as long as the page: for Node, and for browsers that keep nothing.
import type { Snapshot } from "../../board/events.ts";
import { isContained, isNewer, type Outbox, type OutboxEntry } from "./outbox.ts";

export function createMemoryOutbox(): Outbox {
  const entries = new Map<string, OutboxEntry>();
  const snapshots = new Map<string, Snapshot>();
  return {
    isDurable: false,
    entries: async (boardId) =>
      [...entries.values()]
        .filter((entry) => boardId === undefined || entry.boardId === boardId)
        .sort((a, b) => a.order - b.order),
    async add(entry) {
      if (!entries.has(entry.key)) entries.set(entry.key, entry);
    },
    async put(entry) {
      entries.set(entry.key, entry);
    },
    async remove(key) {
      entries.delete(key);
    },
    async saveSnapshot(snapshot) {
      if (isNewer(snapshots.get(snapshot.board.id), snapshot)) snapshots.set(snapshot.board.id, snapshot);
      for (const entry of entries.values()) if (isContained(entry, snapshot)) entries.delete(entry.key);
    },
    snapshot: async (boardId) => snapshots.get(boardId),
    boards: async () => [...snapshots.values()].map(({ board }) => board),
    async forgetSnapshot(boardId) {
      snapshots.delete(boardId);
    },
    async close() {},
  };
}
