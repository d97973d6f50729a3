// Where a client keeps what must survive it: the user's changes until the log has them, and the board as it was last seen.
import type { Answer, Command } from "../../board/commands.ts";
import type { Board, Snapshot } from "../../board/events.ts";

/**
 * - `waiting`: was never sent
 * - `sent`: at least once; whether it got there is not known
 * - `accepted`: by the server; it stays until the stored snapshot contains it, or a page that starts offline would not show it
 * - `refused`: it stays until the user has dismissed it, because the text in it is theirs
 */
export type EntryState = "waiting" | "sent" | "accepted" | "refused";

/** A command on its way. */
export interface OutboxEntry {
  /** Also the `Idempotency-Key`: it belongs to the command and not to the attempt. */
  readonly key: string;
  readonly userId: string;
  readonly boardId: string;
  readonly command: Command;
  /** When it was given: ISO 8601, UTC. */
  readonly at: string;
  /** What comes first is sent first. Of all tabs. */
  readonly order: number;
  readonly state: EntryState;
  /** Why it was refused. */
  readonly answer?: Answer;
  /** The seq of its last event, when it was accepted. */
  readonly seq?: number;
}

/** One user's. Each operation is atomic, also between tabs; those of one tab take effect in the order in which they are called. */
export interface Outbox {
  /** Whether it survives the page. Without IndexedDB, as in some private windows, it does not. */
  readonly isDurable: boolean;
  /** Of a board, in order; or of all boards. */
  entries(boardId?: string): Promise<readonly OutboxEntry[]>;
  /** Keeps a new command. Nothing happens if its key is there: another tab may know already what became of it. */
  add(entry: OutboxEntry): Promise<void>;
  /** What has become of it. It need not be there yet. */
  put(entry: OutboxEntry): Promise<void>;
  remove(key: string): Promise<void>;
  /** Keeps the board, and lets go of the accepted commands that are in it. An older snapshot of the same log does not replace a newer one. */
  saveSnapshot(snapshot: Snapshot): Promise<void>;
  snapshot(boardId: string): Promise<Snapshot | undefined>;
  /** Those of which there is a snapshot. */
  boards(): Promise<readonly Board[]>;
  /** The user may not see the board any more. Commands that were refused stay. */
  forgetSnapshot(boardId: string): Promise<void>;
  /** Finishes what was begun. */
  close(): Promise<void>;
}

/** Whether a stored snapshot should be replaced by another one. */
export function isNewer(stored: Snapshot | undefined, next: Snapshot): boolean {
  return !stored || stored.board.epoch !== next.board.epoch || stored.seq <= next.seq;
}

/** Whether an accepted command is in a snapshot. */
export function isContained({ boardId, state, seq }: OutboxEntry, snapshot: Snapshot): boolean {
  return boardId === snapshot.board.id && state === "accepted" && (seq ?? 0) <= snapshot.seq;
}
