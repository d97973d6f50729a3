import { join } from "node:path";
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
  /** Of one run, in milliseconds. */
  readonly durationMs: number;
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

/** A test that takes longer has failed, in milliseconds. */
export const TEST_LIMIT_MS = 2_000;

/**
 * Runs the tests of exercises against answers, all at the same time, each in a worker of its own.
 * @param onResult called as soon as one is known
 */
export async function runAnswers(
  attempts: readonly Attempt[],
  onResult: (result: AttemptResult) => void = () => {},
): Promise<AttemptResult[]> {
  const columns = inColumns(attempts);
  const byModule = new Map<string, Attempt>();
  const projects = columns.map((column, index) => {
    for (const attempt of column) byModule.set(`${index} ${testFile(attempt)}`, attempt);
    const times = column[0]?.times ?? 1;
    return {
      plugins: [substitute(column)],
      test: {
        name: String(index),
        root: ROOT,
        include: column.map(testFile),
        testTimeout: TEST_LIMIT_MS * times,
        // A test that is repeated adds a listener each time, and Node warns of a leak that is none.
        execArgv: ["--no-warnings"],
        ...(times > 1 && { runner: join(import.meta.dirname, "repeat-runner.ts"), provide: { times } }),
      },
    };
  });
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
      const attempt = byModule.get(`${module.project.name} ${module.moduleId}`);
      if (!attempt) return;
      const result = { attempt, ...outcomeOf(module), strays: [], output: output.get(module.id) ?? [] };
      results.push(result);
      onResult(result);
    },
  };
  const vitest = await createVitest(
    "test",
    { root: ROOT, config: false, watch: false, reporters: [reporter], pool: "threads", projects } as never,
    { configFile: false, logLevel: "silent" } as never,
  );
  try {
    const { unhandledErrors } = await vitest.start();
    const strays = unhandledErrors as unknown as ErrorWithOrigin[];
    return results.map((result) => ({
      ...result,
      strays: strays.filter((error) => isFrom(error, result.attempt, attempts)).map(failureOf),
    }));
  } finally {
    // Takes a second, and nobody needs to wait for it.
    void vitest.close();
  }
}

/** Of several attempts at the same exercise it can be anybody's, unless its stack names the file. */
function isFrom(error: ErrorWithOrigin, attempt: Attempt, attempts: readonly Attempt[]): boolean {
  if (error.VITEST_TEST_PATH !== testFile(attempt)) return false;
  const isNamed = (each: Attempt) => error.stack?.includes(join(ROOT, each.folder, each.file)) ?? false;
  const rivals = attempts.filter(({ folder }) => folder === attempt.folder);
  return isNamed(attempt) || !rivals.some(isNamed);
}

/** A test file can be in a run of Vitest once for each project: the second attempt at an exercise is in the second one. */
function inColumns(attempts: readonly Attempt[]): Attempt[][] {
  const columns: Attempt[][] = [];
  for (const attempt of attempts) {
    const free = columns.find(
      (column) =>
        column[0]?.times === attempt.times && column.every(({ folder }) => folder !== attempt.folder),
    );
    if (free) free.push(attempt);
    else columns.push([attempt]);
  }
  return columns;
}

function testFile({ folder }: Attempt): string {
  return join(ROOT, folder, "exercise.test.ts");
}

/** Where a test imports `./exercise.ts`, it gets the answer. */
function substitute(attempts: readonly Attempt[]) {
  const answers = new Map(attempts.map((each) => [testFile(each), join(ROOT, each.folder, each.file)]));
  const texts = new Map(
    attempts.flatMap(({ folder, file, text }) =>
      text === undefined ? [] : [[join(ROOT, folder, file), text]],
    ),
  );
  return {
    name: "answer",
    enforce: "pre" as const,
    resolveId: (source: string, importer: string | undefined) =>
      source === "./exercise.ts" && importer !== undefined ? answers.get(importer) : undefined,
    load: (id: string) => texts.get(id),
  };
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
  const diagnostic = test.diagnostic();
  const times = (diagnostic?.repeatCount ?? 0) + 1;
  const [error] = errors ?? [];
  return {
    name: test.name,
    state: state === "pending" ? "skipped" : state,
    durationMs: (diagnostic?.duration ?? 0) / times,
    steps: test.meta().steps ?? [],
    ...(error && { failure: failureOf(error as ErrorWithOrigin) }),
  };
}

interface ErrorWithOrigin {
  readonly name?: string;
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly stacks?: readonly { readonly file: string; readonly line: number; readonly column: number }[];
  readonly stack?: string;
  readonly VITEST_TEST_PATH?: string;
}

function failureOf(error: ErrorWithOrigin): Failure {
  const kind = kindOf(error);
  const place = placeOf(error);
  // Vitest's words for the comparison are shown as expected and actual already.
  const message =
    kind === "assertion"
      ? error.message.replace(/: expected [\s\S]*$/, "")
      : `${error.name}: ${error.message}`;
  return {
    kind,
    message: kind === "timeout" ? `it did not end within ${TEST_LIMIT_MS / 1000} s` : message,
    ...(kind === "assertion" && error.expected !== undefined && { expected: error.expected }),
    ...(kind === "assertion" && error.actual !== undefined && { actual: error.actual }),
    ...(place && { place }),
  };
}

function kindOf({ name, message }: ErrorWithOrigin): Failure["kind"] {
  if (name === "AssertionError") return "assertion";
  return message.startsWith("Test timed out in") ? "timeout" : "crash";
}

function placeOf({ stacks = [] }: ErrorWithOrigin): Place | undefined {
  const ours = stacks.filter(({ file }) => file.startsWith(join(ROOT, "exercises")));
  const frame = ours.find(({ file }) => !file.endsWith(".test.ts")) ?? ours[0];
  if (!frame) return undefined;
  return { file: frame.file.slice(ROOT.length + 1), line: frame.line, column: frame.column };
}
