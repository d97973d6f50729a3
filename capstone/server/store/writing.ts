// How the store writes: everything through one queue, whose commits are told to those who listen.
import type { Database } from "../../../shared/database.ts";
import { Refusal } from "../../../shared/refusal.ts";
import type { BoardEvent } from "../../board/events.ts";
import type { BoardLog } from "./board-log.ts";
import { createCommitQueue } from "./commit-queue.ts";

export interface WritingOptions {
  /** How long a busy board waits for more changes to commit together, in milliseconds. Default 5. */
  readonly commitWindowMs?: number | undefined;
  /** The most changes in one commit. Default 256. */
  readonly maxBatch?: number | undefined;
  /** The most changes that wait; more are answered `busy`. Default 10,000. */
  readonly maxWaiting?: number | undefined;
  /** How long a change waits while another process is writing, in milliseconds. Then it is answered `busy`. Default 1,000. */
  readonly patienceMs?: number | undefined;
  /** Is told why something could not be committed, and what listeners have thrown. Default: `console.error`. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Waiting in a statement blocks this whole process; the queue tries again by itself, without that. */
const BUSY_TIMEOUT_MS = 10;

export function createWriting(database: Database, log: BoardLog, options: WritingOptions) {
  const { onError = console.error } = options;
  database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  const listeners = new Set<(events: readonly BoardEvent[]) => void>();

  const transaction = database.transaction((work: () => void) => work());
  const part = database.transaction((work: () => unknown) => log.gather(work));
  const queue = createCommitQueue({
    // Not the default BEGIN: with it, two processes could both read, and then one of them would fail to write.
    transaction: (work) => transaction.immediate(work),
    part: (work) => part(work) as ReturnType<typeof work>,
    isOpen: () => database.inTransaction,
    onCommit: () => tell(log.take()),
    onRollback: () => void log.take(),
    onError,
    windowMs: options.commitWindowMs,
    maxBatch: options.maxBatch,
    maxWaiting: options.maxWaiting,
    patienceMs: options.patienceMs,
  });

  function tell(events: readonly BoardEvent[]): void {
    if (events.length === 0) return;
    for (const listener of listeners) {
      try {
        listener(events);
      } catch (error) {
        onError(error);
      }
    }
  }

  /** Writes something that can be refused: what is thrown as a `Refusal` is returned, and undone. */
  async function write<T>(work: () => T): Promise<T | Refusal> {
    try {
      return await queue.run(work);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /** Writes something that cannot be refused: a queue that is busy is an error, as SQLite would say it. */
  async function writeSurely<T>(work: () => T): Promise<T> {
    const result = await queue.run(work);
    if (result instanceof Refusal) throw Object.assign(new Error(result.message), { code: "SQLITE_BUSY" });
    return result;
  }

  return {
    /** As the queue's: what is thrown rejects. */
    run: queue.run,
    write,
    writeSurely,
    close: queue.close,
    /** How many wait for the next commit. */
    waiting: () => queue.length,
    onCommit(listener: (events: readonly BoardEvent[]) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
