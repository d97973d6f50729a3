// What can be done with the database from the command line: `npm run capstone -- backup FILE`, and `restore FILE`.
import { resolve } from "node:path";
import { backUp, restore } from "./backup.ts";

/** Each command, and what it does. */
export const COMMANDS = [
  { name: "backup", what: "Copies DATABASE_FILE to FILE, also while servers run on it" },
  { name: "restore", what: "Puts FILE, a backup, in the place of DATABASE_FILE; no server may run on it" },
] as const;

/** A command that was typed wrong, with a sentence. */
export class UsageError extends Error {}

/**
 * @param args the command and its file
 * @returns what was done, as a sentence
 * @throws {UsageError} {SettingError} {DatabaseError} with a sentence
 */
export async function maintain(args: readonly string[], databaseFile: string): Promise<string> {
  const [name, path, ...others] = args;
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) throw new UsageError(`npm run capstone takes no "${name}": -- --help lists its settings.`);
  if (!path || others.length > 0)
    throw new UsageError(`Name one file: npm run capstone -- ${command.name} FILE.`);
  const file = resolve(path);
  if (command.name === "backup") {
    await backUp(databaseFile, file);
    return `${file} is a copy of ${databaseFile}.`;
  }
  const former = await restore(databaseFile, file);
  const kept = former === undefined ? "" : ` The former database is now ${former}.`;
  return `${databaseFile} is as it was in ${file}.${kept}`;
}
