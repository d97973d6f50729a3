import { posix } from "node:path";
import { diffLines } from "diff";
import type { Problem } from "./problem.ts";
import type { SourceTree } from "./source-tree.ts";

const TOP_FOLDERS = ["chapters", "capstone", "exercises", "shared"];
const VAGUE_NAMES = ["utils", "util", "helpers", "helper", "misc", "common", "lib"];

/** What every chapter has. */
const CHAPTER_FILES = ["README.md", "app.ts", "server.ts", "client.ts"];

/** The files that a chapter copies from the last one; all others are concepts. */
const COPIED = new Set(["app.ts", "server.ts", "client.ts"]);

const MAX_LINES: Record<string, number> = { "app.ts": 120, "server.ts": 25, "client.ts": 60 };
const MAX_APP_DIFF = 80;
const MAX_CITATIONS = 4;

/** The rules about where things are and who may import whom. CONTRIBUTING.md says why. */
export function checkStructure(tree: SourceTree): Problem[] {
  const chapters = chaptersOf(tree);
  return [
    ...checkFolders(tree),
    ...checkNames(tree),
    ...checkScripts(tree),
    ...checkNumbers(chapters),
    ...checkConcepts(tree, chapters),
    ...chapters.flatMap((chapter, index) => [
      ...checkChapterFiles(tree, chapter),
      ...checkAppHeader(tree, chapter),
      ...checkLengths(tree, chapter),
      ...checkImports(tree, chapter, chapters[index - 1]),
      ...checkAppDiff(tree, chapter, chapters[index - 1]),
    ]),
    ...checkSharedImports(tree),
    ...checkExerciseImports(tree),
  ];
}

/** The names of the chapters' folders: `01-short-polling`. */
export function chaptersOf(tree: SourceTree): string[] {
  const names = tree.files
    .filter((file) => file.startsWith("chapters/"))
    .map((file) => file.split("/")[1] ?? "");
  return [...new Set(names)].sort();
}

function checkFolders(tree: SourceTree): Problem[] {
  const folders = new Set(
    tree.files.filter((file) => file.includes("/")).map((file) => file.split("/")[0] ?? ""),
  );
  return [...folders]
    .filter((folder) => !folder.startsWith(".") && !TOP_FOLDERS.includes(folder))
    .map((folder) => ({
      file: folder,
      line: 1,
      message: `is a top-level folder that the layout does not have: put it under ${TOP_FOLDERS.join(", ")}.`,
    }));
}

function checkNames(tree: SourceTree): Problem[] {
  const problems: Problem[] = [];
  for (const file of tree.files.filter((each) => TOP_FOLDERS.includes(each.split("/")[0] ?? ""))) {
    for (const part of file.split("/")) {
      const stem = part.replace(/(\.[a-z-]+)+$/, "");
      if (
        part !== "README.md" &&
        // Docker looks for it under this name.
        stem !== "Dockerfile" &&
        stem !== "" &&
        !part.startsWith(".") &&
        !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)
      ) {
        problems.push({
          file,
          line: 1,
          message: `"${part}" is not kebab-case: rename it like two-words.ts.`,
        });
      }
      if (VAGUE_NAMES.includes(stem)) {
        problems.push({
          file,
          line: 1,
          message: `"${part}" says nothing: name it for the concept that is in it.`,
        });
      }
    }
  }
  return problems;
}

function checkScripts(tree: SourceTree): Problem[] {
  const scripts = scriptsOf(tree);
  const readme = tree.read("README.md");
  return scripts
    .filter((name) => !readme.includes(commandOf(name)))
    .map((name) => ({
      file: "package.json",
      line: lineOf(tree, "package.json", `"${name}":`),
      message: `the script "${name}" is not in README.md: say there what \`${commandOf(name)}\` does.`,
    }));
}

/** The names of a package's npm scripts. */
export function scriptsOf(tree: SourceTree, file = "package.json"): string[] {
  return Object.keys(JSON.parse(tree.read(file) || "{}").scripts ?? {});
}

function commandOf(script: string): string {
  return script === "test" || script === "start" ? `npm ${script}` : `npm run ${script}`;
}

function checkNumbers(chapters: readonly string[]): Problem[] {
  return chapters.flatMap((chapter, index) => {
    const number = String(index).padStart(2, "0");
    if (chapter.startsWith(`${number}-`)) return [];
    const message = `should be number ${number}: chapters are numbered 00, 01, 02… without a gap.`;
    return [{ file: `chapters/${chapter}`, line: 1, message }];
  });
}

function checkChapterFiles(tree: SourceTree, chapter: string): Problem[] {
  const folder = `chapters/${chapter}`;
  const missing = CHAPTER_FILES.filter((name) => !tree.has(`${folder}/${name}`));
  const problems = missing.map((name) => ({
    file: folder,
    line: 1,
    message: `has no ${name}: every chapter has one.`,
  }));
  if (!tree.files.some((file) => file.startsWith(`${folder}/`) && file.endsWith(".test.ts"))) {
    problems.push({
      file: folder,
      line: 1,
      message: "has no test: prove its claims in a *.test.ts beside the code.",
    });
  }
  return problems;
}

function checkAppHeader(tree: SourceTree, chapter: string): Problem[] {
  const file = `chapters/${chapter}/app.ts`;
  const wanted = ["// New: ", "// Run: npm run chapter ", "// Try: "];
  const index = wanted.findIndex((start, line) => !tree.lines(file)[line]?.startsWith(start));
  if (index === -1 || !tree.has(file)) return [];
  return [
    {
      file,
      line: index + 1,
      message: `must begin with "${wanted[index]}": see the header of another app.ts.`,
    },
  ];
}

function checkLengths(tree: SourceTree, chapter: string): Problem[] {
  return Object.entries(MAX_LINES).flatMap(([name, max]) => {
    const file = `chapters/${chapter}/${name}`;
    const lines = linesOfCode(tree, file);
    if (lines <= max) return [];
    const message = `has ${lines} lines of code and may have ${max}: move a concept into a file of its own.`;
    return [{ file, line: 1, message }];
  });
}

/** Lines that are neither blank nor a comment. */
function linesOfCode(tree: SourceTree, file: string): number {
  return tree.lines(file).filter((line) => !/^\s*($|\/\/|\/\*\*|\*)/.test(line)).length;
}

function checkImports(tree: SourceTree, chapter: string, before: string | undefined): Problem[] {
  const problems: Problem[] = [];
  const citations = new Set<string>();
  const known = importsOfCopied(tree, before);
  for (const { file, line, target } of importsIn(tree, `chapters/${chapter}/`)) {
    const [top, folder, name] = target.split("/");
    const report = (message: string) => problems.push({ file, line, message });
    if (target === `chapters/${chapter}/server.ts`)
      report("imports server.ts, which starts listening: import app.ts.");
    if (top === "capstone" || top === "exercises")
      report(`imports from ${top}, which comes after the chapters.`);
    if (top !== "chapters" || folder === chapter || !folder) continue;
    if (folder > chapter)
      report(`imports from ${folder}, a later chapter: a chapter builds on earlier ones only.`);
    else if (name && COPIED.has(name))
      report(`imports ${target}: cite a concept file, or copy ${name} forward.`);
    else if (!file.endsWith(".test.ts") && !known.has(target) && !comesWithGrown(tree, file, target))
      citations.add(target);
  }
  if (citations.size > MAX_CITATIONS) {
    const file = `chapters/${chapter}/app.ts`;
    const cited = [...citations].join(", ");
    const message = `the chapter cites ${citations.size} files of other chapters (${cited}), and ${MAX_CITATIONS} are allowed.`;
    problems.push({ file, line: 1, message });
  }
  return problems;
}

/** What the last chapter's app imports goes on into the copy of it. Who reads that one knows it from there. */
function importsOfCopied(tree: SourceTree, chapter: string | undefined): Set<string> {
  if (chapter === undefined) return new Set();
  const imports = [...COPIED].flatMap((name) => importsIn(tree, `chapters/${chapter}/${name}`));
  return new Set(imports.map(({ target }) => target));
}

/** A file that grows another one may import it, and whatever that one imports: its first line has named it already. */
function comesWithGrown(tree: SourceTree, file: string, target: string): boolean {
  const path = /^\/\/ Grows (\S+?\.ts):/.exec(tree.lines(file)[0] ?? "")?.[1];
  if (path === undefined) return false;
  const grown = posix.join(posix.dirname(file), path);
  if (grown === target) return true;
  return importsIn(tree, grown).some((each) => each.target === target);
}

/** What is shared is never the lesson, so it does not know the lessons. */
function checkSharedImports(tree: SourceTree): Problem[] {
  return importsIn(tree, "shared/")
    .filter(({ target, file }) => target.startsWith("chapters/") && !file.endsWith(".test.ts"))
    .map(({ file, line, target }) => ({
      file,
      line,
      message: `imports ${target}: shared code does not depend on a chapter; move what both need to shared.`,
    }));
}

/** Who solves an exercise has read its chapter and those before it. */
function checkExerciseImports(tree: SourceTree): Problem[] {
  return importsIn(tree, "exercises/").flatMap(({ file, line, target }) => {
    const [top, folder = "", name = ""] = target.split("/");
    const [, chapter = ""] = file.split("/");
    const report = (message: string) => [{ file, line, message }];
    if (top === "exercises" && !target.startsWith(file.split("/").slice(0, 3).join("/"))) {
      return report(
        `imports ${target}: exercises do not share files; move what both need to shared/testing.`,
      );
    }
    if (top !== "chapters") return [];
    if (folder > chapter) return report(`imports from ${folder}, a later chapter.`);
    return COPIED.has(name) ? report(`imports ${target}: import a concept file.`) : [];
  });
}

interface Import {
  readonly file: string;
  readonly line: number;
  /** The imported file, relative to the root. */
  readonly target: string;
}

/** The relative imports of all TypeScript files below a folder. */
function importsIn(tree: SourceTree, folder: string): Import[] {
  return tree.files
    .filter((file) => file.startsWith(folder) && /\.tsx?$/.test(file))
    .flatMap((file) =>
      tree.lines(file).flatMap((text, index) => {
        const path = /\b(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/.exec(text)?.[1];
        if (path === undefined) return [];
        return [{ file, line: index + 1, target: posix.join(posix.dirname(file), path) }];
      }),
    );
}

/** A concept is written once: cited where it is used again, and grown only by a file that says so. */
function checkConcepts(tree: SourceTree, chapters: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const firstWithText = new Map<string, string>();
  const firstWithName = new Map<string, string>();
  for (const file of tree.files) {
    const [top, chapter, name] = file.split("/");
    if (top !== "chapters" || !chapter || !name?.endsWith(".ts") || !chapters.includes(chapter)) continue;
    if (COPIED.has(name) || name.endsWith(".test.ts")) continue;
    const same = firstWithText.get(tree.read(file).trim());
    const named = firstWithName.get(name);
    if (same) problems.push({ file, line: 1, message: `is the same as ${same}: import that one instead.` });
    else if (named && !tree.lines(file)[0]?.startsWith("// Grows ")) {
      const message = `has the name of ${named}: begin it with "// Grows ${named}: …" or name it for what it is.`;
      problems.push({ file, line: 1, message });
    }
    firstWithText.set(tree.read(file).trim(), file);
    if (!named) firstWithName.set(name, file);
  }
  return problems;
}

function checkAppDiff(tree: SourceTree, chapter: string, before: string | undefined): Problem[] {
  if (before === undefined) return [];
  const file = `chapters/${chapter}/app.ts`;
  const changes = diffLines(tree.read(`chapters/${before}/app.ts`), tree.read(file));
  const lines = changes
    .filter(({ added, removed }) => added || removed)
    .reduce((sum, { count }) => sum + count, 0);
  if (lines <= MAX_APP_DIFF) return [];
  const message = `differs from chapter ${before} by ${lines} lines, and ${MAX_APP_DIFF} are allowed: one idea a chapter.`;
  return [{ file, line: 1, message }];
}

function lineOf(tree: SourceTree, file: string, text: string): number {
  return Math.max(1, tree.lines(file).findIndex((line) => line.includes(text)) + 1);
}
