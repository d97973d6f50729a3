// What can be done with the database from the command line: `npm run capstone -- backup FILE`, `restore FILE` and `password USER`.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { hashPassword } from "../../chapters/06-auth/passwords.ts";
import { DatabaseError, openDatabase } from "../../shared/database.ts";
import { backUp, restore } from "./backup.ts";
import { openSqliteStore } from "./store/sqlite-store.ts";

/** Each command, and what it does. */
export const COMMANDS = [
  { name: "backup", argument: "FILE", what: "Copies DATABASE_FILE to FILE, also while servers run on it" },
  {
    name: "restore",
    argument: "FILE",
    what: "Puts FILE, a backup, in the place of DATABASE_FILE; no server may run on it",
  },
  {
    name: "password",
    argument: "USER",
    what: "Gives somebody who has forgotten theirs a new password, and ends their sessions",
  },
] as const;

/** A command that was typed wrong, with a sentence. */
export class UsageError extends Error {}

/**
 * @param args the command and its argument
 * @returns what was done, as a sentence
 * @throws {UsageError} {SettingError} {DatabaseError} with a sentence
 */
export async function maintain(args: readonly string[], databaseFile: string): Promise<string> {
  const [name, path, ...others] = args;
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) throw new UsageError(`npm run capstone takes no "${name}": -- --help lists its settings.`);
  if (!path || others.length > 0)
    throw new UsageError(`Say npm run capstone -- ${command.name} ${command.argument}.`);
  if (command.name === "password") return newPassword(databaseFile, path);
  const file = resolve(path);
  if (command.name === "backup") {
    await backUp(databaseFile, file);
    return `${file} is a copy of ${databaseFile}.`;
  }
  const former = await restore(databaseFile, file);
  const kept = former === undefined ? "" : ` The former database is now ${former}.`;
  return `${databaseFile} is as it was in ${file}.${kept}`;
}

/** Servers that run on the database notice within a second or two that the sessions have ended. */
async function newPassword(databaseFile: string, userId: string): Promise<string> {
  if (!existsSync(databaseFile))
    throw new DatabaseError(`${databaseFile} does not exist: set DATABASE_FILE.`);
  const store = openSqliteStore({ database: openDatabase(databaseFile) });
  try {
    if (!(await store.user(userId)))
      throw new DatabaseError(`There is no user "${userId}" in ${databaseFile}.`);
    const password = randomBytes(12).toString("base64url");
    await store.setPassword(userId, await hashPassword(password));
    await store.endOtherSessions(userId, "");
    return `The new password of ${userId} is ${password}: it should be changed after the next sign-in.`;
  } finally {
    await store.close();
  }
}
