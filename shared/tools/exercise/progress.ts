import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "../chapters.ts";
import { print } from "../terminal.ts";

const progressSchema = z.object({
  /** When each exercise was solved, by id: ISO 8601, UTC. Ids of exercises that are gone stay: they may come back. */
  solved: z.record(z.string(), z.string()).default({}),
  /** The exercise that was worked on last. */
  current: z.string().optional(),
  /** How many hints were shown, by id. */
  hints: z.record(z.string(), z.number()).default({}),
  /** The given file that each answer began as, by id: its hash. */
  starters: z.record(z.string(), z.string()).default({}),
});

export type Progress = z.infer<typeof progressSchema>;

/** How far the learner has come. Git does not see the file, so an update of the course leaves it alone. */
export interface ProgressFile {
  readonly progress: Progress;
  save(): void;
}

/** Reads `exercises/.progress.json`. One that cannot be read is kept under another name, and a new one begun. */
export function openProgress(root = ROOT): ProgressFile {
  const file = join(root, "exercises/.progress.json");
  const progress = read(file);
  return {
    progress,
    save() {
      // Written beside it and renamed: a crash in between loses nothing.
      writeFileSync(`${file}.new`, `${JSON.stringify(progress, null, 2)}\n`);
      renameSync(`${file}.new`, file);
    },
  };
}

function read(file: string): Progress {
  if (!existsSync(file)) return progressSchema.parse({});
  try {
    return progressSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    const kept = file.replace(".json", `-${Date.now()}.json`);
    renameSync(file, kept);
    print(`The record of your progress could not be read: it is kept as ${kept}, and a new one begins.`);
    return progressSchema.parse({});
  }
}
