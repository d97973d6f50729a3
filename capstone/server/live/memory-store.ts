// For tests: a log in memory, with what the live part needs of a store. Its reads can be made to wait.
import type { SentCursor } from "../../../shared/cursor.ts";
import { Refusal } from "../../../shared/refusal.ts";
import type { Answer, Command } from "../../board/commands.ts";
import type { BoardEvent } from "../../board/events.ts";
import type { LogPage, Store } from "../store/store.ts";

export const EPOCH = "epoch1";

export type MemoryStore = ReturnType<typeof createMemoryStore>;

/** A log in memory, with what the live part needs of a store. */
export function createMemoryStore() {
  const logs = new Map<string, { epoch: string; events: BoardEvent[]; pruned: number }>();
  const removed = new Set<string>();
  const listeners = new Set<(events: readonly BoardEvent[]) => void>();
  const memory = {
    /** Awaited before and after each read of the log: what a slow database does. */
    wait: async (_when: "before" | "after"): Promise<void> => {},
    /** How often the log was read. */
    reads: 0,
    commands: [] as { userId: string; key: string | undefined; command: unknown }[],
    run: async (_command: Command): Promise<Answer> => ({ status: 204 }),
  };
  const logOf = (boardId: string) => logs.get(boardId);

  function addBoard(boardId: string, epoch = EPOCH): void {
    logs.set(boardId, { epoch, events: [], pruned: 0 });
  }

  /** Commits an event. */
  function commit(boardId: string, change: Pick<BoardEvent, "type" | "data">, isTold = true): BoardEvent {
    const log = logOf(boardId);
    if (!log) throw new Error(`there is no board ${boardId}`);
    const seq = log.pruned + log.events.length + 1;
    const event = { seq, boardId, actorId: "alice", at: "2026-01-01T00:00:00.000Z", ...change } as BoardEvent;
    log.events.push(event);
    if (event.type === "member_removed") removed.add(`${boardId} ${event.data.userId}`);
    if (isTold) for (const listener of listeners) listener([event]);
    return event;
  }

  const store = {
    async head(boardId: string) {
      await memory.wait("before");
      const log = logOf(boardId);
      const head = log && { epoch: log.epoch, seq: log.pruned + log.events.length };
      await memory.wait("after");
      return head;
    },
    async roleOf(userId: string, boardId: string) {
      const isMember = logs.has(boardId) && userId !== "mallory" && !removed.has(`${boardId} ${userId}`);
      return isMember ? ("editor" as const) : undefined;
    },
    async eventsAfter(boardId: string, cursor: SentCursor, limit: number): Promise<LogPage | Refusal> {
      await memory.wait("before");
      memory.reads += 1;
      const page = read(boardId, cursor, limit);
      await memory.wait("after");
      return page;
    },
    async run(userId: string, key: string | undefined, command: Command): Promise<Answer> {
      memory.commands.push({ userId, key, command });
      return memory.run(command);
    },
    onCommit(listener: (events: readonly BoardEvent[]) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };

  function read(boardId: string, { epoch, seq }: SentCursor, limit: number): LogPage | Refusal {
    const log = logOf(boardId);
    if (!log) return new Refusal("not_found", "There is no such board.");
    const head = log.pruned + log.events.length;
    if ((epoch !== undefined && epoch !== log.epoch) || seq > head || seq < log.pruned) {
      return new Refusal("cursor_gone", "Fetch the board again.");
    }
    const events = log.events.slice(seq - log.pruned, seq - log.pruned + limit);
    const last = events.at(-1)?.seq ?? head;
    return { events, seq: last, more: last < head };
  }

  return {
    store: store as unknown as Store,
    memory,
    addBoard,
    commit,
    /** An event that says nothing but its number. */
    rename: (boardId: string, name = "") => commit(boardId, { type: "board_renamed", data: { name } }),
    deleteBoard: (boardId: string) => void logs.delete(boardId),
    /** The log forgets all but the last ones. */
    keepLast(boardId: string, count: number) {
      const log = logOf(boardId);
      if (!log) return;
      const gone = Math.max(0, log.events.length - count);
      log.events.splice(0, gone);
      log.pruned += gone;
    },
    headOf: (boardId: string) => (logOf(boardId)?.pruned ?? 0) + (logOf(boardId)?.events.length ?? 0),
    /** How many are told of commits. */
    listeners: () => listeners.size,
  };
}
