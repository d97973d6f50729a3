// A copy of the database while it is in use, and the way back.
import { existsSync } from "node:fs";
import { chown, copyFile, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import SQLite from "better-sqlite3";
import { DatabaseError, openDatabase } from "../../shared/database.ts";
import { SettingError } from "../../shared/settings.ts";
import { lockProcess } from "./process-lock.ts";

/**
 * Copies the database as it is at one moment, with everything that was acknowledged before. Servers go on meanwhile: readers and
 * writers do not wait, and the copy does not have to begin again when something is written (SQLite's online backup has to).
 *
 * @param target a path at which nothing is yet
 * @throws {SettingError} {DatabaseError} with a sentence
 * @see https://sqlite.org/lang_vacuum.html#vacuuminto
 */
export async function backUp(databaseFile: string, target: string): Promise<void> {
  if (!existsSync(databaseFile)) throw new SettingError(`${databaseFile} does not exist: set DATABASE_FILE.`);
  if (existsSync(target)) throw new SettingError(`${target} exists already: choose another file.`);
  const partial = `${target}.partial`;
  await rm(partial, { force: true });
  // Not `openDatabase`: a newer version's backup must not migrate the file beneath a server that runs.
  // Nor read-only: the last connection would leave its journal behind.
  const database = new SQLite(databaseFile, { fileMustExist: true });
  try {
    database.prepare("VACUUM INTO ?").run(partial);
  } catch (error) {
    await rm(partial, { force: true });
    throw new DatabaseError(`${databaseFile} cannot be copied to ${target}: ${(error as Error).message}.`);
  } finally {
    database.close();
  }
  // Only what is whole and on the disk has the name of a backup.
  await flush(partial);
  await rename(partial, target);
}

/**
 * Puts a backup in the place of the database. No server may run on it.
 *
 * Every board gets another epoch: what happened after the backup is gone, and the seqs of those events will be given to others. A
 * client that had seen them must not go on from there; so it fetches the board again.
 *
 * @returns where the former file is now; undefined when there was none
 * @throws {SettingError} {DatabaseError} with a sentence
 */
export async function restore(databaseFile: string, source: string): Promise<string | undefined> {
  if (!existsSync(source))
    throw new SettingError(`${source} does not exist: choose a file that a backup has written.`);
  await mkdir(dirname(databaseFile), { recursive: true });
  const lock = lockProcess(databaseFile, true, "stop it first");
  try {
    const fresh = `${databaseFile}.restoring`;
    await prepare(source, fresh);
    const former = await setAside(databaseFile);
    await rename(fresh, databaseFile);
    await giveToItsUser(databaseFile);
    return former;
  } finally {
    lock.release();
  }
}

async function prepare(source: string, fresh: string): Promise<void> {
  for (const file of filesOf(fresh)) await rm(file, { force: true });
  await copyFile(source, fresh);
  try {
    const database = openDatabase(fresh);
    try {
      const said = database.pragma("integrity_check(1)", { simple: true });
      if (said !== "ok") throw new DatabaseError(`${source} is damaged: ${said}.`);
      // As a new board gets it: a name for a log that no other log has.
      database.exec("UPDATE boards SET epoch = lower(hex(randomblob(6)))");
      // Whoever has signed out since must not be signed in again.
      database.exec("DELETE FROM sessions");
      // One file from now on: with its last connection its journal goes, too.
      database.pragma("journal_mode = DELETE");
    } finally {
      database.close();
    }
    await flush(fresh);
  } catch (error) {
    for (const file of filesOf(fresh)) await rm(file, { force: true });
    // It speaks of the copy, and nobody knows that.
    if (error instanceof DatabaseError) throw new DatabaseError(error.message.replaceAll(fresh, source));
    throw error;
  }
}

/** With its journal, which must not be taken for that of another file. */
async function setAside(databaseFile: string): Promise<string | undefined> {
  if (!existsSync(databaseFile)) return undefined;
  finishJournal(databaseFile);
  const former = `${databaseFile}.before-${new Date().toISOString().replace(/[:.]/g, "-")}`;
  const names = filesOf(former);
  for (const [index, file] of filesOf(databaseFile).entries()) {
    if (existsSync(file)) await rename(file, names[index] ?? former);
  }
  return former;
}

/** After a crash a part of the database is in its journal only. The last connection that closes puts it into the file. */
function finishJournal(databaseFile: string): void {
  try {
    const database = new SQLite(databaseFile);
    database.pragma("wal_checkpoint(TRUNCATE)");
    database.close();
  } catch {
    // It is damaged: that may be why it is replaced. Then it is kept as it is.
  }
}

/** What root has made must be the server's, which is not root: its folder tells whose that is. */
async function giveToItsUser(databaseFile: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(databaseFile));
  for (const file of [databaseFile, `${databaseFile}.lock`]) await chown(file, uid, gid);
}

/** A database, and what SQLite may have beside it. */
function filesOf(databaseFile: string): readonly string[] {
  return [databaseFile, `${databaseFile}-wal`, `${databaseFile}-shm`];
}

async function flush(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync();
  await file.close();
}
