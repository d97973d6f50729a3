import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../chapters.ts";

/** One exercise, as its folder tells. */
export interface Exercise {
  /** Stable: the number of its chapter and its name, `03-replay`. */
  readonly id: string;
  /** The first heading of its README. */
  readonly title: string;
  /** `small`, `medium` or `large`. */
  readonly size: string;
  /** Relative to the root, with `/`. */
  readonly folder: string;
  readonly mistakes: readonly Mistake[];
  /** From nudge to nearly the answer. */
  readonly hints: readonly string[];
}

/** A wrong answer that people give, and what its file says about itself. */
export interface Mistake {
  /** `one-line`, of `mistakes/one-line.ts`. */
  readonly name: string;
  /** What is wrong, and what a user sees. */
  readonly what: string;
  /** The test that is meant for it. */
  readonly fails: string;
  /** The part of a lesson to read again, relative to the root: `chapters/03-sse/README.md#build-it`. */
  readonly lesson: string;
  readonly hint: string;
}

/** What a learner writes: a copy of `exercise.ts` that belongs to nobody else, and that git does not see. */
export const ANSWER = "answer.ts";

/** All exercises, in the order of the course. */
export function listExercises(root = ROOT): Exercise[] {
  return foldersIn(join(root, "exercises"), /^\d\d-/).flatMap((chapter) =>
    foldersIn(join(root, "exercises", chapter), /^\d+-/).map((name) => readExercise(root, chapter, name)),
  );
}

function readExercise(root: string, chapter: string, name: string): Exercise {
  const folder = `exercises/${chapter}/${name}`;
  const read = (file: string) => readIfThere(join(root, folder, file));
  const readme = read("README.md");
  return {
    id: `${chapter.slice(0, 2)}-${name.replace(/^\d+-/, "")}`,
    title: /^# (.+)$/m.exec(readme)?.[1] ?? name,
    size: /^(Small|Medium|Large),/m.exec(readme)?.[1]?.toLowerCase() ?? "",
    folder,
    mistakes: filesIn(join(root, folder, "mistakes")).map((file) =>
      parseMistake(file.replace(/\.ts$/, ""), read(`mistakes/${file}`)),
    ),
    hints: parseHints(read("hints.md")),
  };
}

/** The parts of `hints.md`, each below a heading of its own. */
function parseHints(text: string): string[] {
  return text
    .split(/^## .*$/m)
    .slice(1)
    .map((part) => part.trim());
}

/**
 * Reads the head of a mistake: what is wrong, then `Fails:`, `Lesson:` and `Hint:`. A line that is indented goes on with
 * the one before.
 */
function parseMistake(name: string, text: string): Mistake {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("//"));
  const fields = new Map<string, string>();
  let field = "What";
  for (const line of lines.slice(0, end === -1 ? lines.length : end)) {
    const [, key, rest = ""] = /^\/\/ (?:(Fails|Lesson|Hint): )?(.*)$/.exec(line) ?? [];
    if (key !== undefined) field = key;
    fields.set(field, `${fields.get(field) ?? ""} ${rest.trim()}`.trim());
  }
  const get = (key: string) => fields.get(key) ?? "";
  return { name, what: get("What"), fails: get("Fails"), lesson: get("Lesson"), hint: get("Hint") };
}

/**
 * Finds the exercise that somebody means by its id, or by a part of it that only it has.
 * @returns the exercise, or a sentence that says why it is not clear which one
 */
export function findExercise(exercises: readonly Exercise[], text: string): Exercise | string {
  const wanted = text.toLowerCase();
  const exact = exercises.find(({ id, folder }) => id === wanted || folder === wanted.replace(/\/$/, ""));
  if (exact) return exact;
  const [first, ...others] = exercises.filter(({ id }) => id.includes(wanted));
  if (!first) return `There is no exercise "${text}": npm run exercise list shows them all.`;
  if (others.length === 0) return first;
  const names = [first, ...others].map(({ id }) => id).join(", ");
  return `"${text}" could be one of ${names}: give the whole name.`;
}

function foldersIn(folder: string, name: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && name.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

function filesIn(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".ts"))
        .sort()
    : [];
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
