import { posix } from "node:path";
import { parsePrediction } from "../../web/stage/prediction.ts";
import { faultScriptSchema } from "../../wire/faults.ts";
import { codeBlocks, withoutCode } from "./markdown.ts";
import type { Problem } from "./problem.ts";
import type { SourceTree } from "./source-tree.ts";
import { chaptersOf, scriptsOf } from "./structure.ts";

/** The parts of a lesson, in their order. */
const SECTIONS = [
  "What breaks",
  "The idea",
  "What goes over the wire",
  "Build it",
  "Try it",
  "What it costs",
  "Guarantees",
  "In production",
  "Check yourself",
  "Exercises",
  "Further reading",
];

const WORDS = { min: 1_200, max: 2_500 };
const QUESTIONS = { min: 3, max: 5 };

/** A line that stands for lines left out of a snippet. */
const ELISION = /^\s*(\/\/|--|#|\/\*) ?…/;

/** Everything that a text claims about files: snippets, tests, links, scripts. */
export function checkLessons(tree: SourceTree): Problem[] {
  const texts = tree.files.filter((file) => file.endsWith(".md"));
  return [
    ...texts.flatMap((file) => [
      ...checkSnippets(tree, file),
      ...checkLinks(tree, file),
      ...checkCommands(tree, file),
    ]),
    ...chaptersOf(tree)
      .map((chapter) => `chapters/${chapter}/README.md`)
      .filter((file) => tree.has(file))
      .flatMap((file) => [
        ...checkShape(tree, file),
        ...checkExercises(tree, file),
        ...checkGuarantees(tree, file),
        ...checkPredictions(tree, file),
        ...checkFaultScripts(tree, file),
      ]),
  ];
}

function checkSnippets(tree: SourceTree, file: string): Problem[] {
  return codeBlocks(tree.read(file)).flatMap(({ language, title, lines, line }) => {
    const report = (message: string) => [{ file, line, message }];
    if (title === undefined) {
      const isUntied = file.startsWith("chapters/") && ["ts", "tsx", "sql", "css"].includes(language);
      return isUntied
        ? report(`this ${language} block names no file: add title="path/of/the/file" to its fence.`)
        : [];
    }
    if (!tree.has(title)) return report(`the block is said to be from ${title}, and there is no such file.`);
    const missing = firstMissingPart(lines, tree.lines(title));
    if (missing === undefined) return [];
    return report(
      `"${missing.trim()}" and the lines around it are not like this in ${title}: copy them again.`,
    );
  });
}

/**
 * Looks for the parts of a snippet (between its elisions) in a file: each whole and contiguous, in order, perhaps
 * indented less.
 * @returns the first line that is not found
 */
function firstMissingPart(snippet: readonly string[], source: readonly string[]): string | undefined {
  let from = 0;
  for (const part of partsOf(snippet)) {
    const length = part.length;
    let at = -1;
    for (let start = from; start + length <= source.length && at === -1; start += 1) {
      if (sameButForIndentation(part, source.slice(start, start + length))) at = start;
    }
    if (at === -1) return part.find((line) => line.trim() !== "") ?? "";
    from = at + length;
  }
  return undefined;
}

function partsOf(snippet: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const line of snippet) {
    if (ELISION.test(line)) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts.map(trimBlankLines).filter((part) => part.length > 0);
}

function trimBlankLines(lines: string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return first === -1 ? [] : lines.slice(first, last + 1);
}

function sameButForIndentation(part: readonly string[], source: readonly string[]): boolean {
  const indentation = (source[0]?.length ?? 0) - (part[0]?.length ?? 0);
  if (indentation < 0) return false;
  const prefix = " ".repeat(indentation);
  return part.every((line, index) => source[index] === (line === "" ? "" : prefix + line));
}

function checkLinks(tree: SourceTree, file: string): Problem[] {
  const lines = withoutCode(tree.read(file)).split("\n");
  return lines.flatMap((text, index) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
      const [path = ""] = link.split("#");
      if (/^[a-z]+:/.test(link) || path === "") return [];
      if (tree.has(posix.join(posix.dirname(file), path))) return [];
      return [{ file, line: index + 1, message: `links to ${link}, and there is no such file.` }];
    }),
  );
}

function checkCommands(tree: SourceTree, file: string): Problem[] {
  const packages = tree.files.filter((each) => posix.basename(each) === "package.json");
  const scripts = packages.flatMap((each) => scriptsOf(tree, each));
  return tree.lines(file).flatMap((text, index) =>
    [...text.matchAll(/npm run ([a-z:]+)/g)].flatMap(([, script = ""]) => {
      if (scripts.includes(script)) return [];
      return [
        { file, line: index + 1, message: `says npm run ${script}, and no package.json has such a script.` },
      ];
    }),
  );
}

function checkShape(tree: SourceTree, file: string): Problem[] {
  const prose = withoutCode(tree.read(file));
  const lines = prose.split("\n");
  const problems: Problem[] = [];
  const headings = lines.flatMap((text, index) =>
    text.startsWith("## ") ? [{ text: text.slice(3), index }] : [],
  );
  SECTIONS.forEach((section, index) => {
    const heading = headings[index];
    if (heading?.text === section) return;
    const line = (heading?.index ?? lines.length - 1) + 1;
    problems.push({ file, line, message: `section ${index + 1} should be "## ${section}".` });
  });
  const extra = headings[SECTIONS.length];
  if (extra) {
    problems.push({ file, line: extra.index + 1, message: `"## ${extra.text}" is no section of a lesson.` });
  }
  // The list of exercises is no reading.
  const words = prose
    .replace(/^## Exercises\n[\s\S]*?(?=^## )/m, "")
    .split(/\s+/)
    .filter((word) => /\w/.test(word)).length;
  if (words < WORDS.min || words > WORDS.max) {
    problems.push({
      file,
      line: 1,
      message: `has ${words} words and should have ${WORDS.min} to ${WORDS.max}.`,
    });
  }
  const questions = prose.match(/<details>/g)?.length ?? 0;
  if (questions < QUESTIONS.min || questions > QUESTIONS.max) {
    const message = `has ${questions} questions with folded answers and should have ${QUESTIONS.min} to ${QUESTIONS.max}.`;
    problems.push({ file, line: 1, message });
  }
  return problems;
}

/** The section *Exercises* links the README of each exercise of the chapter, in their order. */
function checkExercises(tree: SourceTree, file: string): Problem[] {
  const folder = `exercises/${posix.basename(posix.dirname(file))}/`;
  const readmes = tree.files.filter((each) => each.startsWith(folder) && each.endsWith("/README.md"));
  const lines = tree.lines(file);
  const start = lines.indexOf("## Exercises");
  const end = lines.findIndex((line, index) => index > start && line.startsWith("## "));
  const section = lines.slice(start, end).join("\n");
  const linked = readmes
    .map((readme) => section.indexOf(`](${posix.relative(posix.dirname(file), readme)})`))
    .map((at, index, all) => at !== -1 && (index === 0 || at > (all[index - 1] ?? 0)));
  const missing = readmes.filter((_readme, index) => !linked[index]);
  return missing.map((readme) => ({
    file,
    line: Math.max(1, start + 1),
    message: `"## Exercises" does not link ${readme} in its place: the exercises stand there in their order.`,
  }));
}

/** What the stage turns into a place for a guess. */
function checkPredictions(tree: SourceTree, file: string): Problem[] {
  return tree.lines(file).flatMap((text, index) => {
    if (!/<!--\s*predict/.test(text)) return [];
    const inside = /^\s*<!-- predict: (.+) -->$/.exec(text)?.[1];
    const prediction = parsePrediction(inside ?? text.trim());
    return typeof prediction === "string" ? [{ file, line: index + 1, message: prediction }] : [];
  });
}

/** What the stage gives a button that runs it. */
function checkFaultScripts(tree: SourceTree, file: string): Problem[] {
  return codeBlocks(tree.read(file)).flatMap(({ language, info, lines, line }) => {
    if (language !== "json" || info !== "faults") return [];
    try {
      faultScriptSchema.parse(JSON.parse(lines.join("\n")));
      return [];
    } catch (error) {
      return [{ file, line, message: `is no fault script: ${(error as Error).message}` }];
    }
  });
}

/** Every row of the Guarantees table ends with the name of a test of this chapter, in backticks. */
function checkGuarantees(tree: SourceTree, file: string): Problem[] {
  const tests = testNames(tree, posix.dirname(file));
  const lines = tree.lines(file);
  const start = lines.indexOf("## Guarantees");
  const end = lines.findIndex((line, index) => index > start && line.startsWith("## "));
  const rows = lines.flatMap((text, index) =>
    start !== -1 && index > start && index < end && /^\|(?!\s*(-|Guarantee))/.test(text)
      ? [{ text, index }]
      : [],
  );
  if (rows.length === 0)
    return [{ file, line: Math.max(1, start + 1), message: "has no table of guarantees." }];
  return rows.flatMap(({ text, index }) => {
    const name = /`([^`]+)`\s*\|\s*$/.exec(text)?.[1];
    if (name === undefined) {
      return [
        { file, line: index + 1, message: "this row must end with the `name of the test` that proves it." },
      ];
    }
    if (tests.has(name)) return [];
    return [
      {
        file,
        line: index + 1,
        message: `there is no test "${name}" in this chapter: write it, or correct the name.`,
      },
    ];
  });
}

function testNames(tree: SourceTree, folder: string): Set<string> {
  const names = tree.files
    .filter((file) => file.startsWith(`${folder}/`) && file.endsWith(".test.ts"))
    // `test("…`, `browserTest("…` and `test.each([…])("…`
    .flatMap((file) => [
      ...tree.read(file).matchAll(/(?:\b(?:test|[a-z]+Test)\(|\)\()\s*"((?:[^"\\]|\\.)*)"/g),
    ])
    .map(([, name = ""]) => name.replaceAll('\\"', '"'));
  return new Set(names);
}
