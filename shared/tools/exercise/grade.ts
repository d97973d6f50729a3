import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../chapters.ts";
import { isAsGiven } from "./answer-file.ts";
import { ANSWER, type Exercise, type Mistake } from "./catalogue.ts";
import { recognise } from "./recognise.ts";
import type { AttemptResult, Failure, TestOutcome } from "./run-answers.ts";
import type { TestProcess } from "./test-process.ts";

/** What came of an answer. */
export type Verdict =
  | { readonly kind: "solved"; readonly tests: readonly TestOutcome[]; readonly output: readonly string[] }
  | {
      readonly kind: "failed";
      readonly tests: readonly TestOutcome[];
      /** The name of the test, or undefined when it belongs to none. */
      readonly failedTest: string | undefined;
      readonly failure: Failure;
      /** What the answer wrote to the console, line by line. */
      readonly output: readonly string[];
    }
  /** Some tests need a program that is missing; their names say which. */
  | { readonly kind: "skipped"; readonly tests: readonly TestOutcome[] }
  /** The file cannot be read as TypeScript, or throws when it is loaded. */
  | { readonly kind: "broken"; readonly message: string }
  | { readonly kind: "endless" };

/** Runs the tests of an exercise against the learner's answer. */
export async function grade({ folder }: Exercise, tests: TestProcess): Promise<Verdict> {
  const results = await tests.run([{ folder, file: ANSWER }]);
  if (results === "endless") return { kind: "endless" };
  const [result] = typeof results === "string" ? [] : results;
  if (!result) return { kind: "broken", message: String(results) };
  return judge(result);
}

/** What a run means for the learner. */
export function judge({ tests, broken, strays, output }: AttemptResult): Verdict {
  if (broken) return { kind: "broken", message: broken.message };
  const failed = tests.find(({ failure }) => failure !== undefined);
  const failure = failed?.failure ?? strays[0];
  if (failure) return { kind: "failed", tests, failedTest: failed?.name, failure, output };
  if (tests.some(({ state }) => state === "skipped")) return { kind: "skipped", tests };
  return { kind: "solved", tests, output };
}

/** Knows the mistakes of exercises by having run them; each once, as long as its files stay the same. */
export interface MistakeFinder {
  /** Runs the mistakes of an exercise before anybody has made one. */
  learn(exercise: Exercise): Promise<void>;
  /** @returns the mistake that fails just as this verdict does */
  find(exercise: Exercise, verdict: Verdict): Promise<Mistake | undefined>;
}

export function createMistakeFinder(tests: TestProcess): MistakeFinder {
  const known = new Map<string, AttemptResult[]>();

  async function resultsOf({ folder, mistakes }: Exercise): Promise<AttemptResult[]> {
    const files = mistakes.map(({ name }) => `mistakes/${name}.ts`);
    const key = ["exercise.test.ts", ...files]
      .map((file) => readFileSync(join(ROOT, folder, file), "utf8"))
      .join("\0");
    const before = known.get(key);
    if (before) return before;
    const results = await tests.run(files.map((file) => ({ folder, file })));
    if (typeof results === "string") return [];
    known.set(key, results);
    return results;
  }

  return {
    async learn(exercise) {
      await resultsOf(exercise);
    },
    async find(exercise, verdict) {
      // What was given is nobody's mistake.
      if (verdict.kind !== "failed" || isAsGiven(exercise)) return undefined;
      return recognise(exercise, verdict, await resultsOf(exercise));
    },
  };
}
