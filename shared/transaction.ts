import type { Database } from "./database.ts";
import { BUSY, isBusy, Refusal } from "./refusal.ts";

/**
 * Runs a change in one `BEGIN IMMEDIATE` transaction, or as a part of the one that is open already.
 *
 * @param run synchronous, because nobody else may come in between; a `Refusal` that it throws undoes what it did
 * @returns what `run` returned, or the `Refusal` that it threw; `busy` when another process was writing for too long
 */
export function inTransaction<T>(database: Database, run: () => T): T | Refusal {
  try {
    // Not the default BEGIN: with it, two processes could both read, and then one of them would fail to write.
    return database.transaction(run).immediate();
  } catch (error) {
    if (error instanceof Refusal) return error;
    if (isBusy(error)) return BUSY;
    throw error;
  }
}
