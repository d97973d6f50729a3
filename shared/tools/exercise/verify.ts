import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { ROOT } from "../chapters.ts";
import { print } from "../terminal.ts";
import { type Exercise, findExercise, listExercises } from "./catalogue.ts";
import { judge } from "./grade.ts";
import { recognise, signatureOf } from "./recognise.ts";
import { type Attempt, type AttemptResult, runAnswers } from "./run-answers.ts";
import { anchorOf, verdictText } from "./screens.ts";

/** Learners do not read a task that is longer than a page. */
const MAX_WORDS = 400;

/** The parts of an exercise's README, in their order. */
const SECTIONS = ["Your task", "Why it matters", "What the tests do", "What you may ignore"];

const HINTS = 3;
const MIN_MISTAKES = 2;
const TIMES = 20;

/** Wrong in a way that nobody means: none of the mistakes may be recognised in it. */
const UNRELATED = ['throw new Error("not written yet")', "return undefined", 'return "something else"'];

/**
 * `npm run exercises:verify` holds every exercise to what an exercise has to be; with ids, those only.
 * With `--json` it prints the problems by exercise, for a program.
 */
export async function main(args: readonly string[]): Promise<void> {
  const all = listExercises();
  const wanted = args.filter((arg) => !arg.startsWith("--")).map((arg) => findExercise(all, arg));
  const unclear = wanted.find((each) => typeof each === "string");
  if (unclear !== undefined) {
    console.error(unclear);
    process.exit(1);
  }
  const exercises = wanted.length === 0 ? all : (wanted as Exercise[]);
  const verdicts = await verify(exercises);
  const failed = [...verdicts.values()].filter(({ problems }) => problems.length > 0).length;
  if (args.includes("--json")) {
    print(JSON.stringify(Object.fromEntries(verdicts)));
  } else {
    for (const [id, { problems, skipped }] of verdicts) {
      print(
        `${problems.length > 0 ? "FAIL" : skipped ? "skip" : "ok  "}  ${id}${skipped ? `: ${skipped}` : ""}`,
      );
      for (const problem of problems) print(`      ${problem}`);
    }
    const mistakes = exercises.reduce((sum, each) => sum + each.mistakes.length, 0);
    print(`${exercises.length} exercises, ${mistakes} mistakes, ${failed} with problems`);
  }
  // Vitest takes a second to close.
  process.exit(failed > 0 ? 1 : 0);
}

export interface Verification {
  /** Sentences that say what is wrong with the exercise. */
  readonly problems: readonly string[];
  /** The name of a test that needs a program which is not there: nothing can be said about what the tests find. */
  readonly skipped?: string;
}

export async function verify(exercises: readonly Exercise[]): Promise<Map<string, Verification>> {
  const solutions = await runAnswers(
    exercises.map(({ folder }) => ({ folder, file: "solution.ts", times: TIMES })),
  );
  const others = await runAnswers(exercises.flatMap(attemptsAt));
  return new Map(
    exercises.map((exercise) => {
      const isOf = ({ attempt }: AttemptResult) => attempt.folder === exercise.folder;
      const solution = solutions.find(isOf);
      const results = new Map(others.filter(isOf).map((result) => [result.attempt.file, result]));
      const written = [...checkFiles(exercise), ...checkReadme(exercise), ...checkTexts(exercise)];
      const skipped = solution?.tests.find(({ state }) => state === "skipped")?.name;
      if (skipped !== undefined && process.env.REQUIRE_ALL !== "1") {
        return [exercise.id, { problems: written, skipped }];
      }
      const found = [
        ...checkSolution(solution),
        ...checkStarter(exercise, results.get("exercise.ts")),
        ...checkMistakes(exercise, results, solution),
        ...checkAccusations(exercise, results),
      ];
      return [exercise.id, { problems: [...written, ...found] }];
    }),
  );
}

function attemptsAt(exercise: Exercise): Attempt[] {
  const { folder, mistakes } = exercise;
  return [
    { folder, file: "exercise.ts" },
    ...mistakes.map(({ name }) => ({ folder, file: `mistakes/${name}.ts` })),
    ...UNRELATED.map((body, index) => ({
      folder,
      file: `unrelated-${index}.ts`,
      text: exportsOf(exercise)
        .map((name) => `export function ${name}() { ${body}; }`)
        .join("\n"),
    })),
  ];
}

/** The names of the functions and classes that an exercise exports. */
function exportsOf({ folder }: Exercise): string[] {
  const text = readIfThere(join(ROOT, folder, "exercise.ts"));
  return [...text.matchAll(/^export (?:async )?(?:function\*?|class) (\w+)/gm)].map(([, name = ""]) => name);
}

function checkFiles({ folder, mistakes }: Exercise): string[] {
  const needed = ["README.md", "exercise.ts", "exercise.test.ts", "solution.ts", "hints.md"];
  const isKnown = (file: string) =>
    needed.includes(file) || /^(answer(-\d+)?\.ts|mistakes\/[a-z0-9-]+\.ts)$/.test(file);
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      posix.join(relative(join(ROOT, folder), entry.parentPath).replaceAll("\\", "/"), entry.name),
    );
  const sources = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(ROOT, folder, file), "utf8"));
  const isImported = (file: string) => sources.some((text) => text.includes(`./${file}"`));
  return [
    ...needed
      .filter((file) => !files.includes(file))
      .map((file) => `${file} is missing: every exercise has one.`),
    ...files
      .filter((file) => !isKnown(file) && !isImported(file))
      .map((file) => `${file} is used by nothing: delete it, or import it.`),
    ...(mistakes.length < MIN_MISTAKES
      ? [`has ${mistakes.length} mistakes: write at least ${MIN_MISTAKES}.`]
      : []),
  ];
}

function checkReadme({ folder, size, title }: Exercise): string[] {
  const text = readIfThere(join(ROOT, folder, "README.md"));
  const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, name]) => name);
  const words = text.split(/\s+/).length;
  const empty = text
    .split(/^## .*$/m)
    .slice(1)
    .findIndex((part) => part.trim() === "");
  return [
    ...(size === ""
      ? ['README.md: the line below the title begins with "Small, ", "Medium, " or "Large, ".']
      : []),
    ...(sections.join() === SECTIONS.join()
      ? []
      : [`README.md: its sections are ${SECTIONS.join(", ")}, in this order.`]),
    ...(empty === -1 ? [] : [`README.md: there is nothing below "${SECTIONS[empty]}".`]),
    ...(words > MAX_WORDS ? [`README.md has ${words} words: say it in ${MAX_WORDS}.`] : []),
    ...(isBug(title) || /\/\/ TODO: .+[.…]/.test(readIfThere(join(ROOT, folder, "exercise.ts")))
      ? []
      : ['exercise.ts has no "// TODO: …" with a sentence that says what to write.']),
    ...(/TODO/.test(readIfThere(join(ROOT, folder, "solution.ts"))) ? ["solution.ts has a TODO left."] : []),
  ];
}

/** In such an exercise the code is all there, and one thing in it is wrong. */
function isBug(title: string): boolean {
  return title.startsWith("Find the bug: ");
}

function checkTexts({ hints, mistakes }: Exercise): string[] {
  return [
    ...(hints.length === HINTS && hints.every((hint) => hint !== "")
      ? []
      : [`hints.md needs ${HINTS} parts, each below "## ".`]),
    ...mistakes.flatMap(({ name, what, fails, lesson, hint }) => {
      const file = `mistakes/${name}.ts`;
      return [
        ...(what === "" ? [`${file}: its first line says what is wrong and what a user sees.`] : []),
        ...(fails === "" ? [`${file}: "// Fails: …" names the test that is meant for it.`] : []),
        ...(hint === "" ? [`${file}: "// Hint: …" says what to think about.`] : []),
        ...(isHeading(lesson)
          ? []
          : [
              `${file}: "// Lesson: ${lesson}" is no heading of a lesson (chapters/03-sse/README.md#build-it).`,
            ]),
      ];
    }),
  ];
}

function isHeading(link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const text = file.startsWith("chapters/") ? readIfThere(join(ROOT, file)) : "";
  const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
  return anchors.includes(anchor ?? "");
}

function checkSolution(result: AttemptResult | undefined): string[] {
  if (!result) return ["solution.ts was not run: exercise.test.ts cannot be read."];
  const { broken, tests, strays, output } = result;
  return [
    ...(broken ? [`solution.ts: ${broken.message}`] : []),
    ...(tests.length === 0 ? ["exercise.test.ts has no test."] : []),
    ...tests
      .filter(({ state }) => state !== "passed")
      .map(
        ({ name, state, failure }) =>
          `solution.ts: "${name}" ${state} in ${TIMES} runs: ${failure?.message ?? ""}`,
      ),
    ...strays.map(({ message }) => `solution.ts: an error that nobody waited for: ${message}`),
    ...(output.length > 0 ? ["solution.ts writes to the console."] : []),
  ];
}

function checkStarter({ title }: Exercise, result: AttemptResult | undefined): string[] {
  if (!result) return [];
  const failed = result.tests.filter(({ state }) => state === "failed");
  if (result.broken) return [`exercise.ts: the tests cannot begin: ${result.broken.message}`];
  if (failed.length === 0) return ["exercise.ts passes: there is nothing to do."];
  if (isBug(title)) return [];
  return [
    ...failed
      .filter(({ failure }) => failure?.kind !== "assertion")
      .map(
        ({ name, failure }) =>
          `exercise.ts: "${name}" fails by a ${failure?.kind} (${failure?.message}), not by an assertion.`,
      ),
    ...result.strays.map(({ message }) => `exercise.ts: an error that nobody waited for: ${message}`),
  ];
}

function checkMistakes(
  exercise: Exercise,
  results: ReadonlyMap<string, AttemptResult>,
  solution: AttemptResult | undefined,
): string[] {
  const names = new Set(solution?.tests.map(({ name }) => name));
  return exercise.mistakes.flatMap(({ name, fails }) => {
    const file = `mistakes/${name}.ts`;
    const result = results.get(file);
    if (!result) return [];
    const failed = result.tests.filter(({ state }) => state === "failed");
    const unlabelled = failed.filter(
      ({ failure }) => failure?.kind === "assertion" && /^expected |^$/.test(failure.message),
    );
    // A screen that cannot be shown would end the runner.
    verdictText(exercise, judge(result));
    return [
      ...(result.broken ? [`${file}: the tests cannot begin: ${result.broken.message}`] : []),
      ...(names.has(fails) ? [] : [`${file}: there is no test "${fails}".`]),
      ...(failed.length === 0 ? [`${file} passes: no test notices it.`] : []),
      ...(failed.length > 0 && names.has(fails) && !failed.some((test) => test.name === fails)
        ? [`${file} is not noticed by "${fails}", but by "${failed[0]?.name}".`]
        : []),
      ...unlabelled.map(
        (test) => `"${test.name}" fails without saying what it looked at: expect(value, "what it is").`,
      ),
    ];
  });
}

/** Every mistake is recognised as itself; nothing else is recognised as one. */
function checkAccusations(exercise: Exercise, results: ReadonlyMap<string, AttemptResult>): string[] {
  const mistakes = [...results].filter(([file]) => file.startsWith("mistakes/")).map(([, result]) => result);
  return [...results].flatMap(([file, result]) => {
    if (signatureOf(result) === "") return [];
    const found = recognise(exercise, result, mistakes);
    if (!file.startsWith("mistakes/")) {
      return found ? [`${file} is taken for mistakes/${found.name}.ts.`] : [];
    }
    if (found && file === `mistakes/${found.name}.ts`) return [];
    const same = mistakes.filter((each) => each !== result && signatureOf(each) === signatureOf(result));
    return [
      `${file} fails just like ${same.map(({ attempt }) => attempt.file).join(", ")}: no test tells them apart.`,
    ];
  });
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
