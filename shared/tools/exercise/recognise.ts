import type { Exercise, Mistake } from "./catalogue.ts";
import type { AttemptResult, TestOutcome } from "./run-answers.ts";

/** What there is to compare. */
type Outcome = Pick<AttemptResult, "tests" | "broken">;

/**
 * Finds the known mistake that fails in the same way as an answer: the same tests, for the same reason, with the same
 * values. Anything less could accuse somebody of what they did not do.
 *
 * @param mistakes what the exercise's mistakes did, run by the same tests
 */
export function recognise(
  exercise: Exercise,
  answer: Outcome,
  mistakes: readonly AttemptResult[],
): Mistake | undefined {
  const wanted = signatureOf(answer);
  if (wanted === "") return undefined;
  const found = mistakes.filter((each) => signatureOf(each) === wanted);
  if (found.length !== 1) return undefined;
  return exercise.mistakes.find(({ name }) => found[0]?.attempt.file === `mistakes/${name}.ts`);
}

/** The way in which an attempt fails, as a text to compare; `""` when nothing fails. */
export function signatureOf({ tests, broken }: Outcome): string {
  if (broken) return withoutChance(broken.message);
  return tests
    .filter(({ state }) => state === "failed")
    .map(({ name, failure }: TestOutcome) =>
      [name, failure?.kind, failure?.message, failure?.expected, failure?.actual].join(" | "),
    )
    .map(withoutChance)
    .join("\n");
}

/** What differs from run to run: ports, times, and what was drawn at random. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/\b(localhost|127\.0\.0\.1):\d+/g, "$1:PORT")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/\b\d+(\.\d+)? ms\b/g, "N ms")
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, "UUID")
    .replaceAll(/\b(?=[A-Za-z_-]*\d)[\w-]{20,}\b/g, "RANDOM");
}
