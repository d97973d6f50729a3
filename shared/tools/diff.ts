import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { structuredPatch } from "diff";
import { type Chapter, findChapter, listChapters, ROOT } from "./chapters.ts";
import { print, stop, styled } from "./terminal.ts";

/** The files that one chapter copies from the last. */
const COPIED = ["app.ts", "server.ts", "client.ts"];

/** `npm run diff N` shows what chapter N changed in the chapter before it. */
export function main(args: readonly string[]): void {
  const chapters = listChapters();
  const [wanted, ...rest] = args;
  if (rest.length > 0) stop(`One chapter at a time: "${args.join(" ")}" names more than one.`);
  if (wanted === undefined) stop("Which chapter? npm run diff 2 shows what chapter 02 changed.");
  const chapter = findChapter(chapters, wanted);
  if (typeof chapter === "string") stop(chapter);
  const before = chapters[chapters.indexOf(chapter) - 1];
  if (!before) stop(`Chapter ${chapter.name.slice(0, 2)} is the first: there is nothing to compare it with.`);
  print(describeChange(before, chapter));
}

/** The patch of the copied files, then the files that are new, each with what it says it is. */
export function describeChange(before: Chapter, after: Chapter): string {
  const lines = [styled("bold", `${before.title}  →  ${after.title}`), after.header.new];
  for (const name of COPIED) lines.push("", ...patch(join(before.folder, name), join(after.folder, name)));
  lines.push("", styled("bold", "New files"));
  for (const name of newFiles(after)) {
    lines.push(`  ${relative(ROOT, join(after.folder, name))}`, `      ${purpose(join(after.folder, name))}`);
  }
  return lines.join("\n");
}

function patch(oldFile: string, newFile: string): string[] {
  const { hunks } = structuredPatch(oldFile, newFile, read(oldFile), read(newFile), "", "", { context: 3 });
  const title = styled("bold", relative(ROOT, newFile));
  if (hunks.length === 0) return [`${title}  (as before)`];
  return [
    title,
    ...hunks.flatMap((hunk) => [
      styled("cyan", `@@ line ${hunk.newStart} @@`),
      ...hunk.lines.filter((line) => !line.startsWith("\\")).map(colour),
    ]),
  ];
}

function colour(line: string): string {
  if (line.startsWith("+")) return styled("green", line);
  if (line.startsWith("-")) return styled("red", line);
  return line;
}

function newFiles({ folder }: Chapter): string[] {
  return readdirSync(folder).filter((name) => name.endsWith(".ts") && !COPIED.includes(name));
}

/** The first sentence of a file's header or of the comment on its first function; how many tests a test file has. */
function purpose(file: string): string {
  const text = read(file);
  if (file.endsWith(".test.ts")) {
    const count = text.match(/^\s*(browserTest|test)(\.each\(.*\))?\(/gm)?.length ?? 0;
    if (count === 0) return "tests that chapters share";
    return count === 1 ? "1 test" : `${count} tests`;
  }
  const header = /^((?:\/\/.*\n)+)/.exec(text)?.[1];
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export (?:async )?function/.exec(text)?.[1];
  const words = (header ?? comment ?? "").replaceAll(/^\s*(\*|\/\/) ?/gm, "").replaceAll(/\s+/g, " ");
  return words.trim().split(/(?<=\.) /)[0] ?? "";
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
