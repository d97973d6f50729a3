import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder that everything is in. */
export const ROOT = join(import.meta.dirname, "../..");

export interface Chapter {
  readonly number: number;
  /** `03-sse` */
  readonly name: string;
  /** `sse` */
  readonly slug: string;
  /** Absolute. */
  readonly folder: string;
  /** The first heading of its lesson: `03 · Server-Sent Events`. */
  readonly title: string;
  /** The header of its `app.ts`: what is new, how to run it, what to try. */
  readonly header: { readonly new: string; readonly run: string; readonly try: string };
}

/** All chapters, in order. */
export function listChapters(root = ROOT): Chapter[] {
  const folder = join(root, "chapters");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d\d-/.test(name))
    .sort()
    .map((name) => readChapter(join(folder, name), name));
}

function readChapter(folder: string, name: string): Chapter {
  const lesson = readIfThere(join(folder, "README.md"));
  const app = readIfThere(join(folder, "app.ts"));
  const line = (word: string) => new RegExp(`^// ${word}: (.+)$`, "m").exec(app)?.[1] ?? "";
  return {
    number: Number(name.slice(0, 2)),
    name,
    slug: name.slice(3),
    folder,
    title: /^# (.+)$/m.exec(lesson)?.[1] ?? name,
    header: { new: line("New"), run: line("Run"), try: line("Try") },
  };
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/**
 * Finds the chapter that somebody means by `3`, `03`, `sse`, `03-sse`, or a part of its name that only it has.
 * @returns the chapter, or a sentence that says why it is not clear which one
 */
export function findChapter(chapters: readonly Chapter[], text: string): Chapter | string {
  const wanted = text.toLowerCase();
  if (/^\d+$/.test(wanted)) {
    const found = chapters.find((chapter) => chapter.number === Number(wanted));
    return found ?? `There is no chapter ${text}: ${known(chapters)}.`;
  }
  const exact = chapters.find((chapter) => chapter.slug === wanted || chapter.name === wanted);
  if (exact) return exact;
  const [first, ...others] = chapters.filter((chapter) => chapter.name.includes(wanted));
  if (!first) return `There is no chapter "${text}": ${known(chapters)}.`;
  if (others.length === 0) return first;
  const names = [first, ...others].map((chapter) => chapter.name).join(" or ");
  return `"${text}" could be ${names}: give its number.`;
}

function known(chapters: readonly Chapter[]): string {
  const last = chapters.at(-1);
  return `they go from 0 to ${last?.number}, and npm run chapter lists them`;
}
