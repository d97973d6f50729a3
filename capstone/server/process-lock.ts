// One process alone on its database, or several that hear of one another through Redis: never two that do not know of each other, or
// a change by one would not reach those who follow the board on the other.
import SQLite from "better-sqlite3";
import { SettingError } from "../../shared/settings.ts";

export interface ProcessLock {
  release(): void;
}

/** An object that nobody refers to is closed some time, and its lock with it. */
const held = new Set<object>();

/**
 * Holds a lock beside a database for as long as this process lives. It is SQLite's own, on an empty file: the system lets go of it
 * however the process ends, so that none is ever left behind.
 *
 * @param databaseFile its path; nothing is locked for ":memory:"
 * @param isAlone whether nobody else may have it; otherwise all those may who do not want to be alone either
 * @param advice what to do about another process that is in the way
 * @throws {SettingError} when one is
 */
export function lockProcess(databaseFile: string, isAlone: boolean, advice: string): ProcessLock {
  if (databaseFile === ":memory:") return { release() {} };
  const lock = new SQLite(`${databaseFile}.lock`, { timeout: 0 });
  try {
    // Or there would be another file, of which only the name is used.
    lock.pragma("journal_mode = MEMORY");
    if (isAlone) lock.exec("BEGIN EXCLUSIVE");
    // The lock is taken by what is read, and is kept until the transaction ends.
    else lock.exec("BEGIN; SELECT * FROM sqlite_schema");
  } catch (error) {
    lock.close();
    if (!(error instanceof SQLite.SqliteError)) throw error;
    if (error.code.startsWith("SQLITE_BUSY")) {
      throw new SettingError(`${databaseFile} is in use by another process: ${advice}.`);
    }
    throw new SettingError(
      `${databaseFile}.lock cannot be locked (${error.message}): it has to be this user's.`,
    );
  }
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}
