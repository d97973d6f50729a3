import { join } from "node:path";
import { inspect, stripVTControlCharacters } from "node:util";
import { createVitest, type Reporter, type TestCase, type TestModule } from "vitest/node";
import { ROOT } from "../chapters.ts";

/** One file that is to be held against the tests of an exercise, in the place of `exercise.ts`. */
export interface Attempt {
  /** The folder of the exercise, relative to the root. */
  readonly folder: string;
  /** The file, relative to that folder: `answer.ts`, `mistakes/one-line.ts`. */
  readonly file: string;
  /** Its text, when there is no such file. */
  readonly text?: string;
  /** How often each test is run; it passes when it passes every time. @default 1 */
  readonly times?: number;
}

export interface AttemptResult {
  readonly attempt: Attempt;
  readonly tests: readonly TestOutcome[];
  /** Why the tests could not even begin, with the place. */
  readonly broken?: Failure;
  /** What was thrown when nobody waited for it: a rejection, or an error in a timer. */
  readonly strays: readonly Failure[];
  /** What it wrote to the console, line by line. */
  readonly output: readonly string[];
}

export interface TestOutcome {
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped";
  /** What the test did, in the learner's words. */
  readonly steps: readonly string[];
  readonly failure?: Failure;
}

export interface Failure {
  /**
   * `assertion`: something was not as the test expects it. `timeout`: the test did not end. `crash`: an error that
   * nobody expected.
   */
  readonly kind: "assertion" | "timeout" | "crash";
  /** What the test looked at; of a crash, the error. */
  readonly message: string;
  /** Printed, if the comparison had them. */
  readonly expected?: string;
  readonly actual?: string;
  /** Where it was noticed: in the answer if it was there, else in the test. */
  readonly place?: Place;
}

export interface Place {
  /** Relative to the root, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Vite has forward slashes in its paths, on Windows too. */
const root = ROOT.replaceAll("\\", "/");

/** A test that takes longer has failed, each of its runs by itself. In milliseconds. */
const TEST_LIMIT_MS = 2_000;

/**
 * Runs the tests of exercises against answers, several at the same time. They take turns in a few workers: one for each
 * would be cleaner, and takes four times as long.
 */
export async function runAnswers(attempts: readonly Attempt[]): Promise<AttemptResult[]> {
  const byModule = new Map(attempts.map((attempt) => [moduleOf(attempt), attempt]));
  const results: AttemptResult[] = [];
  const output = new Map<string, string[]>();
  const reporter: Reporter = {
    onUserConsoleLog({ content, taskId }) {
      if (taskId === undefined) return;
      // The file's own id is the beginning of the ids of its tests.
      const module = taskId.split("_")[0] ?? "";
      output.set(module, [...(output.get(module) ?? []), ...content.trimEnd().split("\n")]);
    },
    onTestModuleEnd(module) {
      const attempt = byModule.get(module.moduleId);
      if (!attempt) return;
      results.push({ attempt, ...outcomeOf(module), strays: [], output: output.get(module.id) ?? [] });
    },
  };
  const vitest = await createVitest(
    "test",
    {
      root,
      config: false,
      watch: false,
      reporters: [reporter],
      pool: "threads",
      isolate: false,
      // More than there are cores: wrong answers mostly wait for what does not come.
      maxWorkers: 6,
      testTimeout: TEST_LIMIT_MS,
      runner: join(import.meta.dirname, "repeat-runner.ts"),
      // A test that is repeated adds a listener each time, and Node warns of a leak that is none.
      execArgv: ["--no-warnings"],
    },
    { logLevel: "silent", plugins: [substitute(attempts)] },
  );
  try {
    const project = vitest.getRootProject();
    const specifications = [...byModule.keys()].map((module) => project.createSpecification(module));
    const { unhandledErrors } = await vitest.runTestSpecifications(specifications);
    const strays = unhandledErrors as unknown as ErrorWithOrigin[];
    return results.map((result) => ({
      ...result,
      strays: strays.filter((error) => isFrom(error, result.attempt)).map(failureOf),
    }));
  } finally {
    // Takes a second, and nobody needs to wait for it.
    void vitest.close();
  }
}

/**
 * The tests of an exercise once more, as a module of their own: what is behind the question mark is no part of the file's
 * name, and to Vite another module.
 */
function moduleOf({ folder, file, times = 1 }: Attempt): string {
  return `${root}/${folder}/exercise.test.ts?answer=${file}&times=${times}`;
}

function pathOf({ folder, file }: Attempt): string {
  return `${root}/${folder}/${file}`;
}

/** Where a test imports `./exercise.ts`, it gets the answer. */
function substitute(attempts: readonly Attempt[]) {
  const answers = new Map(attempts.map((each) => [moduleOf(each), pathOf(each)]));
  const texts = new Map(attempts.map((each) => [pathOf(each), each.text]));
  return {
    name: "answer",
    enforce: "pre" as const,
    resolveId: (source: string, importer: string | undefined) =>
      source === "./exercise.ts" && importer !== undefined ? answers.get(importer) : undefined,
    load: (id: string) => texts.get(id),
  };
}

function isFrom({ VITEST_TEST_PATH: path, stack }: ErrorWithOrigin, attempt: Attempt): boolean {
  return path === moduleOf(attempt) || (stack?.replaceAll("\\", "/").includes(pathOf(attempt)) ?? false);
}

function outcomeOf(module: TestModule): Pick<AttemptResult, "tests" | "broken"> {
  const [error] = module.errors();
  return {
    tests: [...module.children.allTests()].map(outcomeOfTest),
    ...(error && { broken: failureOf(error as ErrorWithOrigin) }),
  };
}

function outcomeOfTest(test: TestCase): TestOutcome {
  const { state, errors } = test.result();
  const [error] = errors ?? [];
  return {
    name: test.name,
    state: state === "pending" ? "skipped" : state,
    steps: test.meta().steps ?? [],
    ...(error && { failure: failureOf(error as ErrorWithOrigin) }),
  };
}

interface ErrorWithOrigin {
  readonly name?: string;
  readonly message: string;
  /** Text where Vitest shows a difference; else the value itself. */
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly stacks?: readonly { readonly file: string; readonly line: number; readonly column: number }[];
  readonly stack?: string;
  readonly VITEST_TEST_PATH?: string;
}

function failureOf(error: ErrorWithOrigin): Failure {
  const { name, expected, actual } = error;
  const kind = kindOf(error);
  const place = placeOf(error);
  return {
    kind,
    message: messageOf(kind, name, stripVTControlCharacters(error.message)),
    ...(kind === "assertion" && expected !== undefined && { expected: textOf(expected) }),
    ...(kind === "assertion" && actual !== undefined && { actual: textOf(actual) }),
    ...(place && { place }),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : inspect(value);
}

function messageOf(kind: Failure["kind"], name: string | undefined, message: string): string {
  if (kind === "timeout") return `it did not end within ${TEST_LIMIT_MS / 1000} s`;
  // Vitest's words for the comparison are shown as expected and actual already.
  if (kind === "assertion") return message.replace(/: expected [\s\S]*$/, "");
  return name === undefined || name === "Error" ? message : `${name}: ${message}`;
}

function kindOf({ name, message }: ErrorWithOrigin): Failure["kind"] {
  if (name === "AssertionError") return "assertion";
  return message.startsWith("Test timed out in") ? "timeout" : "crash";
}

function placeOf({ stacks = [] }: ErrorWithOrigin): Place | undefined {
  const ours = stacks.filter(({ file }) => file.startsWith(`${root}/exercises/`));
  const frame = ours.find(({ file }) => !file.endsWith(".test.ts")) ?? ours[0];
  if (!frame) return undefined;
  return { file: frame.file.slice(root.length + 1), line: frame.line, column: frame.column };
}
