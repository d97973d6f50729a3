import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { ROOT } from "../chapters.ts";
import { checkLessons } from "./lessons.ts";
import { checkOutputs } from "./outputs.ts";
import { formatProblem } from "./problem.ts";
import { SourceTree } from "./source-tree.ts";
import { checkStructure } from "./structure.ts";

const HEADER = "// New: a\n// Run: npm run chapter 0\n// Try: b\n";
const SECTIONS = [
  "What breaks",
  "The idea",
  "What goes over the wire",
  "Build it",
  "Try it",
  "What it costs",
];
const LAST_SECTIONS = ["In production", "Check yourself", "Exercises", "Further reading"];

function lesson(parts: { table?: string; build?: string; filler?: number } = {}): string {
  const { table = "| A | yes | `it holds` |", build = "", filler = 1_250 } = parts;
  const questions = "<details><summary>Why?</summary>\nBecause.\n</details>\n".repeat(3);
  return [
    "# 00 · First",
    ...SECTIONS.map((name) => `## ${name}\n\n${name === "Build it" ? build : ""}\n`),
    `${"word ".repeat(filler)}\n`,
    `## Guarantees\n\n| Guarantee | Now | Proven by |\n| --- | --- | --- |\n${table}\n`,
    ...LAST_SECTIONS.map((name) => `## ${name}\n\n${name === "Check yourself" ? questions : ""}\n`),
  ].join("\n");
}

function chapter(name: string, files: Record<string, string> = {}): Record<string, string> {
  const all = {
    "README.md": lesson(),
    "app.ts": `${HEADER}export const app = "${name}";\n`,
    "server.ts": "export {};\n",
    "client.ts": "export {};\n",
    "app.test.ts": 'test("it holds", () => {});\n',
    ...files,
  };
  return Object.fromEntries(Object.entries(all).map(([file, text]) => [`chapters/${name}/${file}`, text]));
}

/** A repository of these files. An empty text leaves a file out. */
function tree(files: Record<string, string>): SourceTree {
  const root = temporaryFolder();
  const all = {
    "package.json": '{\n  "scripts": {\n    "chapter": ""\n  }\n}',
    "README.md": "npm run chapter",
    ...files,
  };
  for (const [file, text] of Object.entries(all)) {
    if (text === "") continue;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return new SourceTree(root);
}

const structureOf = (files: Record<string, string>) => checkStructure(tree(files)).map(formatProblem);
const lessonsOf = (files: Record<string, string>) => checkLessons(tree(files)).map(formatProblem);

describe("structure", () => {
  test("a good repository has no problem, and this one has none", () => {
    expect(structureOf({ ...chapter("00-first"), ...chapter("01-second") })).toEqual([]);
    expect(checkStructure(new SourceTree(ROOT)).map(formatProblem)).toEqual([]);
  });

  const import_ = (path: string) => `${HEADER}import { x } from "${path}";\n`;
  test.each<[string, Record<string, string>, RegExp]>([
    ["a folder too many", { "docs/a.md": "x" }, /^docs:1 {2}is a top-level folder/],
    ["a name that is not kebab-case", { "shared/fooBar.ts": "x" }, /^shared\/fooBar\.ts:1 .*not kebab-case/],
    [
      "a name that says nothing",
      { "shared/utils/a.ts": "x" },
      /^shared\/utils\/a\.ts:1 {2}"utils" says nothing/,
    ],
    [
      "a script that is not documented",
      { "README.md": "no" },
      /^package\.json:3 {2}the script "chapter" is not in/,
    ],
    ["a gap in the numbers", chapter("02-third"), /^chapters\/02-third:1 {2}should be number 01/],
    [
      "a chapter without a client",
      chapter("00-first", { "client.ts": "" }),
      /^chapters\/00-first:1 {2}has no client/,
    ],
    ["a chapter without a test", chapter("00-first", { "app.test.ts": "" }), /has no test: prove its claims/],
    [
      "an app without its header",
      chapter("00-first", { "app.ts": "// New: x\nexport {};\n" }),
      /app\.ts:2 {2}must begin with "\/\/ Run: npm run chapter "/,
    ],
    [
      "a long server",
      chapter("00-first", { "server.ts": "run();\n".repeat(26) }),
      /server\.ts:1 {2}has 26 lines of code and may have 25/,
    ],
    [
      "a long client",
      chapter("00-first", { "client.ts": "run();\n".repeat(61) }),
      /client\.ts:1 {2}has 61 lines of code and may have 60/,
    ],
    [
      "an import of a later chapter",
      { ...chapter("00-first", { "app.ts": import_("../01-second/x.ts") }), ...chapter("01-second") },
      /chapters\/00-first\/app\.ts:4 {2}imports from 01-second, a later chapter/,
    ],
    [
      "an import of another chapter's app",
      chapter("01-second", { "app.ts": import_("../00-first/app.ts") }),
      /chapters\/01-second\/app\.ts:4 {2}imports chapters\/00-first\/app\.ts: cite a concept file/,
    ],
    [
      "a test that starts the server",
      chapter("00-first", { "app.test.ts": 'await import("./server.ts");\n' }),
      /app\.test\.ts:1 {2}imports server\.ts, which starts listening/,
    ],
    [
      "an exercise that needs a later chapter",
      {
        ...chapter("00-first"),
        "exercises/00-first/1-a/exercise.ts": 'import "../../../chapters/01-second/x.ts";',
      },
      /1-a\/exercise\.ts:1 {2}imports from 01-second, a later chapter/,
    ],
    [
      "an exercise that runs a chapter's app",
      {
        ...chapter("00-first"),
        "exercises/00-first/1-a/exercise.ts": 'import "../../../chapters/00-first/app.ts";',
      },
      /1-a\/exercise\.ts:1 {2}imports chapters\/00-first\/app\.ts: import a concept file/,
    ],
    [
      "an exercise that needs another one",
      { ...chapter("00-first"), "exercises/00-first/1-a/exercise.ts": 'import "../2-b/exercise.ts";' },
      /1-a\/exercise\.ts:1 {2}imports exercises\/00-first\/2-b\/exercise\.ts: exercises do not share/,
    ],
    [
      "too many citations",
      chapter("01-second", {
        "app.ts":
          HEADER + ["a", "b", "c", "d", "e"].map((name) => `import "../00-first/${name}.ts";\n`).join(""),
      }),
      /cites 5 files of other chapters .* and 4 are allowed/,
    ],
    [
      "shared code that knows a chapter",
      { "shared/page.ts": 'import { x } from "../chapters/00-first/x.ts";\n' },
      /^shared\/page\.ts:1 {2}imports chapters\/00-first\/x\.ts: shared code does not depend/,
    ],
    [
      "the same concept twice",
      { ...chapter("00-first", { "a.ts": "same" }), ...chapter("01-second", { "b.ts": "same\n" }) },
      /chapters\/01-second\/b\.ts:1 {2}is the same as chapters\/00-first\/a\.ts/,
    ],
    [
      "a concept that grows without saying so",
      { ...chapter("00-first", { "a.ts": "one" }), ...chapter("01-second", { "a.ts": "two" }) },
      /chapters\/01-second\/a\.ts:1 {2}has the name of chapters\/00-first\/a\.ts: begin it with/,
    ],
    [
      "an app that changes too much",
      chapter("01-second", {
        "app.ts": `${HEADER}${Array.from({ length: 81 }, (_, n) => `run(${n});\n`).join("")}`,
      }),
      /chapters\/01-second\/app\.ts:1 {2}differs from chapter 00-first by 82 lines, and 80 are allowed/,
    ],
  ])("%s is reported with file and line", (_name, files, expected) => {
    const problems = structureOf({ ...chapter("00-first"), ...files });
    expect(problems.join("\n")).toMatch(new RegExp(expected.source, "m"));
  });
});

describe("citations", () => {
  const five = ["a", "b", "c", "d", "e"];
  const imports = (folder: string) => five.map((name) => `import "../${folder}/${name}.ts";\n`).join("");

  test("a file that grows another one may import what that one imports, and no others", () => {
    const files = (grown: string) => ({
      ...chapter("00-first", { "big.ts": five.map((name) => `import "./${name}.ts";\n`).join("") }),
      ...chapter("01-second", { "bigger.ts": `// Grows ${grown}: more\n${imports("00-first")}` }),
    });
    expect(structureOf(files("../00-first/big.ts"))).toEqual([]);
    expect(structureOf(files("../00-first/other.ts")).join()).toContain("cites 5 files");
  });

  test("what the last chapter's app imports goes on in the copy of it", () => {
    const app = { "app.ts": `${HEADER}${imports("00-first")}` };
    const files = {
      ...chapter("00-first"),
      ...chapter("01-second", {
        "app.ts": `${HEADER}${five.map((name) => `import "./${name}.ts";\n`).join("")}`,
      }),
      ...chapter("02-third", { "app.ts": `${HEADER}${imports("01-second")}` }),
    };
    expect(structureOf(files)).toEqual([]);
    expect(structureOf({ ...files, ...chapter("01-second"), ...chapter("02-third", app) }).join()).toContain(
      "cites 5 files",
    );
  });
});

describe("lessons", () => {
  const source = { "shared/source.ts": "function f() {\n  one();\n  two();\n\n  three();\n}\n" };
  const block = (text: string) => `\`\`\`ts title="shared/source.ts"\n${text}\n\`\`\``;
  const withBuild = (build: string) => ({
    ...chapter("00-first", { "README.md": lesson({ build }) }),
    ...source,
  });

  test("a good lesson has no problem, and the lessons of this course have none", () => {
    expect(lessonsOf(withBuild(block("one();\ntwo();\n// …\nthree();")))).toEqual([]);
    expect(checkLessons(new SourceTree(ROOT)).map(formatProblem)).toEqual([]);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      "a line that is not in the file",
      withBuild(block("four();")),
      /README\.md:16 {2}"four\(\);" and the lines/,
    ],
    [
      "lines that are not together",
      withBuild(block("one();\nthree();")),
      /"one\(\);" and the lines around it/,
    ],
    [
      "lines in another order",
      withBuild(block("two();\n// …\none();")),
      /"one\(\);" and the lines around it/,
    ],
    [
      "a file that is not there",
      withBuild('```ts title="shared/x.ts"\na\n```'),
      /from shared\/x\.ts, and there is no/,
    ],
    ["a block without a file", withBuild("```ts\nanything();\n```"), /this ts block names no file/],
    ["a link to nowhere", withBuild("[x](missing.ts)"), /README\.md:16 {2}links to missing\.ts/],
    [
      "a script that is not there",
      withBuild("npm run nothing"),
      /says npm run nothing, and no package\.json has/,
    ],
    [
      "a short lesson",
      chapter("00-first", { "README.md": lesson({ filler: 10 }) }),
      /has \d+ words and should have/,
    ],
    [
      "an exercise that its lesson does not link",
      { ...chapter("00-first"), "exercises/00-first/1-a/README.md": "# A" },
      /README\.md:\d+ {2}"## Exercises" does not link exercises\/00-first\/1-a\/README\.md/,
    ],
    [
      "a section out of order",
      chapter("00-first", { "README.md": lesson().replace("## The idea", "## An idea") }),
      /README\.md:\d+ {2}section 2 should be "## The idea"/,
    ],
    [
      "too few questions",
      chapter("00-first", { "README.md": lesson().replaceAll("<details>", "<p>") }),
      /has 0 questions with folded answers/,
    ],
    [
      "a guarantee without a test",
      chapter("00-first", { "README.md": lesson({ table: "| A | yes | trust me |" }) }),
      /this row must end with the `name of the test`/,
    ],
    [
      "a guarantee whose test is not there",
      chapter("00-first", { "README.md": lesson({ table: "| A | yes | `it flies` |" }) }),
      /there is no test "it flies" in this chapter/,
    ],
    [
      "a prediction that nobody can measure",
      withBuild("<!-- predict: the weather -->"),
      /README\.md:16 {2}"the weather" is no prediction: write "requests of bob in 60 s"/,
    ],
    [
      "a prediction that the stage would not find",
      withBuild("<!--predict: requests of bob in 60 s-->"),
      /README\.md:16 {2}.+ is no prediction/,
    ],
    [
      "a fault script that cannot be run",
      withBuild(
        '```json faults\n{ "steps": [{ "at": 0, "target": "bob", "fault": { "kind": "fire" } }] }\n```',
      ),
      /README\.md:16 {2}is no fault script/,
    ],
    [
      "a lesson without guarantees",
      chapter("00-first", { "README.md": lesson({ table: "" }) }),
      /has no table of guarantees/,
    ],
  ])("%s is reported with file and line", (_name, files, expected) => {
    expect(lessonsOf(files).join("\n")).toMatch(expected);
  });
});

describe("outputs", () => {
  const server = `import { createServer } from "node:http";
const server = createServer((_, response) => response.end('{"at":"' + new Date().toISOString() + '","n":' + Math.random() + '}'));
server.listen(0, "127.0.0.1", () => process.send({ listening: server.address().port }));
process.on("disconnect", () => process.exit());
`;
  const outputsOf = async (block: string) => {
    const files = chapter("00-first", { "README.md": lesson({ build: block }), "server.ts": server });
    return (await checkOutputs(tree({ ...files, "node_modules/tsx": "" }))).map(formatProblem);
  };

  test("a command is run against the chapter's server, and times may differ", async () => {
    const good =
      '```console\n$ curl -s localhost:3001 | cut -c1-39\n{"at":"2026-11-21T12:36:11.034Z","n":0.\n```';
    expect(await outputsOf(good)).toEqual([]);
  });

  test("in a measured block all numbers may differ, and nothing else", async () => {
    const measured =
      '```console measured\n$ curl -s localhost:3001\n{"at":"2026-11-21T12:36:11.034Z","n":7}\n```';
    expect(await outputsOf(measured)).toEqual([]);
    expect(await outputsOf(measured.replace('"n"', '"m"'))).toHaveLength(1);
  });

  test("an output that has changed is reported with its line and what is printed now", async () => {
    const bad = "```console\n$ echo one; \\\n  echo two\none\nthree\n```";
    expect((await outputsOf(bad)).join("")).toMatch(
      /^chapters\/00-first\/README\.md:17 {2}"echo one; [\s\S]*" does not print this any more; it prints:\n {4}one\n {4}two$/,
    );
  });
});
